/** Every page is listed for a reader, every decision in its list, and every link of the lists leads to a file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));

const pagesIn = (folder: string) =>
  readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
const linksOf = (folder: string) =>
  [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => link);

describe.each([
  ['docs', docs],
  ['docs/adr', join(docs, 'adr')],
])('%s/README.md', (_, folder) => {
  it('lists every page', () => {
    expect(pagesIn(folder).length).toBeGreaterThan(10);
    expect(pagesIn(folder).filter((name) => !linksOf(folder).includes(name))).toEqual([]);
  });

  it('leads to files that exist', () => {
    expect(linksOf(folder).filter((link) => !existsSync(join(folder, link)))).toEqual([]);
  });
});

describe('docs/README.md', () => {
  it('is linked from the first page', () => {
    expect(readFileSync(join(docs, '..', 'README.md'), 'utf8')).toContain('](docs/README.md)');
  });
});
