/** The blocks of docs/powershell.md, and how many calls its table says each job takes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../local/child.ts';

export interface Section {
  readonly heading: string;
  readonly blocks: readonly string[];
}

export interface Page {
  readonly sections: readonly Section[];
  /** By heading. */
  readonly calls: Readonly<Record<string, number>>;
}

export async function readPage(): Promise<Page> {
  const text = await readFile(join(projectFolder, 'docs/powershell.md'), 'utf8');
  const [, ...parts] = text.split(/^## /m);
  const sections = parts.map((part) => ({
    heading: part.slice(0, part.indexOf('\n')),
    blocks: [...part.matchAll(/```powershell\n(.*?)```/gs)].map(([, block = '']) => block),
  }));
  const rows = [...text.matchAll(/^\| \[(.*)\]\(#.*\) \| (\d+) \|$/gm)];
  const calls = Object.fromEntries(rows.map(([, heading = '', count]) => [heading, Number(count)]));
  return { sections, calls };
}
