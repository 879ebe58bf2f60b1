/** The command line of `npm run test:load`: asking for help must not start an hour of tests. */
import { expect, it } from 'vitest';
import { parseRecords } from '../../load/options.ts';

it.each([
  [['--help'], undefined],
  [['20000', '-h'], undefined],
  [[], 500_000],
  [['20000'], 20_000],
])('takes %j', (args, records) => {
  expect(parseRecords(args)).toBe(records);
});

it.each([[['--hepl']], [['0']], [['1e3']], [['20000', '--fast']]])('refuses %j by name', (args) => {
  expect(() => parseRecords(args)).toThrow(`Invalid argument ${args.at(-1) ?? ''}:`);
});
