/** `npm run check:wording [-- PATH …]`: fails on phrases that docs/wording.md replaces. Without paths: what is finished. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findPhrases, readPhrases } from './check-wording/phrases.ts';

/** Folders and files whose texts have been rewritten. Add to the list; nothing leaves it. */
const finished = ['scripts/check-wording', 'scripts/check-wording.ts'];

/** The list itself, and texts by others: names of record types, snapshots of what the templates compile to. */
const ignored =
  /^(docs\/wording\.md|package-lock\.json|test\/unit\/wording\/.*|shared\/records\/.*\.json|.*\.snapshot\.json)$/;
const text = /\.(ts|mjs|cjs|md|kql|bicep|bicepparam|json|ya?ml|html|css)$/;

const paths = process.argv.length > 2 ? process.argv.slice(2) : finished;
const listed = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...paths],
  {
    encoding: 'utf8',
  },
);
const files = [...new Set(listed.trim().split('\n'))].filter(
  (file) => text.test(file) && !ignored.test(file),
);
const phrases = readPhrases(readFileSync('docs/wording.md', 'utf8'));
const findings = files.flatMap((file) =>
  findPhrases(readFileSync(file, 'utf8'), phrases).map((finding) => ({ file, ...finding })),
);
for (const { file, line, found, better } of findings) {
  console.error(`${file}:${line}: "${found.trim()}" → ${better}`);
}
if (files.length === 0 || findings.length > 0) process.exitCode = 1;
console.log(`${findings.length} phrases to reword in ${files.length} files`);
