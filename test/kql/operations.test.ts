/** What docs/operations.md tells the on-call engineer to do at three in the morning must exist. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allOperations } from '../../shared/api/all.ts';
import { readSource } from './sources.ts';

const operations = allOperations();

const text = readFileSync('docs/operations.md', 'utf8');

function matchesOf(pattern: RegExp, source = text): readonly string[] {
  return [...new Set(Array.from(source.matchAll(pattern), (match) => match[1] ?? ''))].sort();
}

function sectionOf(heading: string): string {
  const start = text.indexOf(`\n### ${heading}\n`);
  return text.slice(start, text.indexOf('\n### ', start + 1));
}

describe('docs/operations.md', () => {
  it('names existing requests', () => {
    const described = operations.map(({ method, route }) => `${method} /${route}`);
    const named = matchesOf(/`((?:GET|POST|PUT|DELETE) \/[^`?]*)/g);
    expect(named).not.toEqual([]);
    expect(named.filter((request) => !described.includes(request))).toEqual([]);
  });

  it('names settings of docs/configuration.md', () => {
    const settings = matchesOf(/`(AUDITKEEP_\w+)`/g, readFileSync('docs/configuration.md', 'utf8'));
    expect(matchesOf(/`(AUDITKEEP_\w+)`/g).filter((setting) => !settings.includes(setting))).toEqual([]);
  });

  it('names existing commands', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    expect(matchesOf(/npm run (?:--silent )?([\w-]+)/g).filter((script) => !(script in scripts))).toEqual([]);
  });

  it('links only to existing headings', () => {
    const anchors = matchesOf(/^#+ (.*)$/gm).map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = matchesOf(/\]\(#([\w-]+)\)/g);
    expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
  });

  it('names every work queue, and how to recover its work', () => {
    const queues = Array.from(
      readSource('shared').matchAll(/Queue = '([a-z-]+)';/g),
      (match) => match[1] ?? '',
    );
    const rows = matchesOf(/^\| `([a-z-]+)` \|/gm, sectionOf('Messages in a poison queue'));
    expect(rows).toEqual(queues.sort());
  });
});
