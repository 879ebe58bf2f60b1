/** docs/parity.md cites tests that exist, by file and title. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filterParameters } from '../../../shared/query/filters.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(project, 'docs', 'parity.md'), 'utf8').replaceAll(/\n(?=\w|`)/g, ' ');

/** The page abbreviates files: `filters` is `test/unit/query/filters.test.ts`. */
const files = new Map([
  ...[...page.matchAll(/`([\w-]+)` is `(test\/[\w./-]+)`/g)].map(
    ([, name = '', file = '']) => [name, file] as const,
  ),
  ...[...page.matchAll(/`(test\/[\w./-]*?([\w.-]+))`/g)].flatMap(([, file = '', base = '']) => [
    [`\`${file}\``, file] as const,
    [`\`${base}\``, file] as const,
  ]),
]);

/** The last cells of all rows, and what is in parentheses. */
const cited = [...page.matchAll(/^\|.*\| ([^|]+?) \|$|\((interface: .+?)\)/gm)]
  .flatMap(([, cell, aside]) => (cell ?? aside ?? '').split('; '))
  .filter((text) => text.includes(': '));

it.each(cited)('%s', (citation) => {
  const [name = '', title = ''] = citation.split(': ');
  const file = files.get(name);
  expect(file).toBeDefined();
  const titles = [
    ...readFileSync(join(project, file ?? ''), 'utf8').matchAll(/\(\s*(['"`])((?!\1).+?)\1,\s/g),
  ].map(([, , text = '']) => text);
  const parameters = [...title.matchAll(/(\w+)=…/g)].map(([, parameter = '']) => parameter);
  for (const parameter of parameters) expect(filterParameters.shape).toHaveProperty(parameter);
  const written = parameters.length === 0 ? title : 'with %s=%s alone';
  expect(titles.filter((text) => text.startsWith(written))).not.toEqual([]);
});
