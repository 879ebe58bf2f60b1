/** `npm run check:wording [-- PATH …]`: fails on phrases that docs/wording.md replaces. Without paths: everywhere. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findPhrases, readPhrases } from './check-wording/phrases.ts';

/** The list itself, generated files, and Microsoft's names of record types. */
const ignored =
  /^(docs\/wording\.md|package-lock\.json|test\/unit\/wording\/.*|shared\/records\/.*\.json|connector\/.*|.*\.snapshot\.json)$/;
const text = /\.(ts|tsx|mjs|cjs|md|kql|bicep|bicepparam|json|ya?ml|html|css)$/;

const arguments_ = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...process.argv.slice(2)];
const listed = execFileSync('git', arguments_, { encoding: 'utf8' });
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
