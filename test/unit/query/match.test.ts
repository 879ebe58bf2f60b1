/** The matcher against the plainest model of what filters mean. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordFilters } from '../../../shared/query/filters.ts';
import { createMatcher } from '../../../shared/query/match.ts';
import type { RecordSummary } from '../../../shared/records/audit-record.ts';

const words = [
  'a',
  'A',
  'á',
  'a\u0301',
  'b',
  ' a ',
  'a/',
  'https://x/',
  'https://X',
  '192.0.2.1',
  '[192.0.2.1]:80',
];
const word = fc.constantFrom(...words);
const moment = fc.integer({ min: 0, max: 5 }).map((day) => new Date(Date.UTC(2026, 2, 1 + day)));

function optional<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined, freq: 2 });
}

const list = optional(fc.array(word, { minLength: 1, maxLength: 3 }));
const anyFilters: fc.Arbitrary<RecordFilters> = fc.record({
  ...{ from: optional(moment), to: optional(moment), users: list, operations: list, service: list },
  ...{ recordType: optional(fc.array(fc.nat(2), { minLength: 1 })), objectId: optional(word) },
  ...{ siteUrl: optional(word), mailbox: list, clientIp: list, resultStatus: list },
});
const anySummary: fc.Arbitrary<RecordSummary> = fc.record({
  ...{ userId: optional(word), operation: optional(word), service: optional(word), objectId: optional(word) },
  ...{ siteUrl: optional(word), mailboxOwner: optional(word), clientIp: optional(word) },
  ...{ resultStatus: optional(word), recordType: optional(fc.nat(2)) },
});

/** The values that count as the same, written down by hand. */
const classes = [['a', 'A', ' a '], ['á', 'a\u0301'], ['b'], ['a/'], ['https://x/'], ['https://X']];
const urlClasses = [['a', 'A', ' a ', 'a/'], ['á', 'a\u0301'], ['b'], ['https://x/', 'https://X']];
const addresses = ['192.0.2.1', '[192.0.2.1]:80'];
const asTexts = [...classes, ...addresses.map((one) => [one])];
const asUrls = [...urlClasses, ...addresses.map((one) => [one])];
const asAddresses = [...classes, addresses];

function holds(
  wanted: readonly string[] | undefined,
  value: string | undefined,
  same: readonly string[][],
): boolean {
  if (wanted === undefined) return true;
  const alike = same.find((group) => value !== undefined && group.includes(value)) ?? [];
  return wanted.some((one) => alike.includes(one));
}

function isWanted(filters: RecordFilters, created: Date, summary: RecordSummary): boolean {
  const { from, to, recordType } = filters;
  const one = (value: string | undefined) => (value === undefined ? undefined : [value]);
  return [
    from === undefined || created.getTime() >= from.getTime(),
    to === undefined || created.getTime() < to.getTime(),
    recordType === undefined || recordType.some((type) => type === summary.recordType),
    holds(filters.users, summary.userId, asTexts),
    holds(filters.operations, summary.operation, asTexts),
    holds(filters.service, summary.service, asTexts),
    holds(one(filters.objectId), summary.objectId, asTexts),
    holds(one(filters.siteUrl), summary.siteUrl, asUrls),
    holds(filters.mailbox, summary.mailboxOwner, asTexts),
    holds(filters.clientIp, summary.clientIp, asAddresses),
    holds(filters.resultStatus, summary.resultStatus, asTexts),
  ].every(Boolean);
}

describe('the matcher', () => {
  it('decides as a plain reading of the filters does', () => {
    fc.assert(
      fc.property(anyFilters, moment, anySummary, (filters, created, summary) => {
        expect(createMatcher(filters)(created, summary)).toBe(isWanted(filters, created, summary));
      }),
      { numRuns: 3000 },
    );
  });

  it('lets an absent value match no filter on it', () => {
    const created = new Date('2026-03-02T09:00:00Z');
    expect(createMatcher({ users: [''] })(created, {})).toBe(false);
    expect(createMatcher({ clientIp: ['x'] })(created, {})).toBe(false);
    expect(createMatcher({})(created, {})).toBe(true);
  });
});
