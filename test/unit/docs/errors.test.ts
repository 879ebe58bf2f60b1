/** docs/errors.md lists the codes that the code answers with, and no others; examples show no others, either. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { errorExamples } from '../../../shared/description/example-errors.ts';
import { partnerRefusals } from '../../../shared/partner-center/partner-center.ts';
import { allOperations } from '../../../shared/api/all.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const source = ['functions', 'shared']
  .flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(project, folder, name), 'utf8')),
  )
  .join('\n');

/** `404 RecordNotFound` for each row of the table. */
const listed = [
  ...readFileSync(join(project, 'docs', 'errors.md'), 'utf8').matchAll(/^\| (\d{3}) \| (.+?) \|/gm),
].flatMap(([, status = '', codes = '']) =>
  [...codes.matchAll(/`(\w+)`/g)].map(([, code = '']) => `${status} ${code}`),
);

const thrown = [
  ...partnerRefusals.map((code) => `409 ${code}`),
  ...[...source.matchAll(/new RequestError\(\s*(\d{3}),\s*'(\w+)'/g)].map(
    ([, status = '', code = '']) => `${status} ${code}`,
  ),
];
/** Of long-running operations, whose codes begin with the noun of their kind. */
const ofOperations = /^(404 \w+NotFound|409 \w+InProgress|422 \w+(Failed|Canceled))$/;
const nouns = [...source.matchAll(/^ {2}noun: '(\w+)',$/gm)].map(([, noun = '']) => noun);
const isOfOperation = (entry: string) =>
  ofOperations.test(entry) && nouns.some((noun) => entry.slice(4).startsWith(noun));

it('lists every code that is thrown, with its status', () => {
  expect(thrown.length).toBeGreaterThan(30);
  expect(thrown.filter((entry) => !listed.includes(entry))).toEqual([]);
  for (const noun of nouns) expect(listed).toContain(`404 ${noun}NotFound`);
});

/** Codes that an operation ends with. */
const ended = [...source.matchAll(/(?:errorCode: |notIndexed\()'(\w+)'/g)].map(([, code = '']) => code);
/** Errors that end the last attempt of a message. */
const poisoning = [...source.matchAll(/override readonly name = '((?:RawBlob|Landing)\w+Error)'/g)].map(
  ([, name = '']) => name,
);

it('names every code that an operation ends with, and every way in which one has no result', () => {
  const page = readFileSync(join(project, 'docs', 'errors.md'), 'utf8');
  expect(ended.length).toBeGreaterThan(5);
  expect(poisoning).toHaveLength(2);
  expect([...ended, ...poisoning].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  const failures = nouns.flatMap((noun) => [`422 ${noun}Failed`, `422 ${noun}Canceled`]);
  expect(failures.filter((entry) => !listed.includes(entry))).toEqual([]);
});

it('lists no code that nothing throws', () => {
  expect(listed.filter((entry) => !thrown.includes(entry) && !isOfOperation(entry))).toEqual([]);
});

it('has an example for every status that is answered, with a code that is answered with it', () => {
  const statuses = allOperations().flatMap(({ answers }) => Object.keys(answers));
  const refusals = [...new Set(statuses)].filter((status) => Number(status) >= 400);
  const examples = Object.entries(errorExamples).map(([status, { code }]) => `${status} ${code}`);
  expect(new Set(Object.keys(errorExamples))).toEqual(new Set(refusals));
  expect(examples.filter((entry) => !listed.includes(entry))).toEqual([]);
});
