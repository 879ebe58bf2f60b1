/** docs/known-defects.md names tests that exist. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/known-defects.md', root), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (-|defect )/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '').trim()));

const testsIn = (cell: string) =>
  cell.split('<br>').map((text) => /^`([\w/.-]+\.test\.ts)`: “(.+)”$/.exec(text)?.slice(1) ?? [text]);

/** As a title, not anywhere in the text. */
function isTitleIn(file: string, title: string): boolean {
  const source = readFileSync(new URL(`test/${file}`, root), 'utf8');
  return [`'${title}'`, `"${title}"`].some((quoted) => source.includes(quoted));
}

describe('docs/known-defects.md', () => {
  it('has a row for each defect, of three cells', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((cells) => cells.length !== 3 || cells.includes(''))).toEqual([]);
  });

  it('names each defect once', () => {
    const defects = rows.map(([defect]) => defect);
    expect(new Set(defects).size).toBe(defects.length);
  });

  it.each(rows)('names tests that exist: %s', (_defect, _here, cell = '') => {
    const missing = testsIn(cell).filter(
      ([file = '', title = '']) =>
        title === '' || !existsSync(new URL(`test/${file}`, root)) || !isTitleIn(file, title),
    );
    expect(missing).toEqual([]);
  });
});
