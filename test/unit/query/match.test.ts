/** The matcher against the plainest model of what typed filters mean. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordFilters } from '../../../shared/query/filters.ts';
import type { FoundRecord } from '../../../shared/query/found-record.ts';
import { createRecordText } from '../../../shared/query/matching/free-text.ts';
import { createMatcher } from '../../../shared/query/matching/match.ts';
import type { RecordSummary } from '../../../shared/records/delivered-members.ts';

const words = [
  ...['a', 'A', 'á', 'a\u0301', 'b', ' a ', 'a/', 'https://x/', 'https://X'],
  ...['192.0.2.1', '[192.0.2.1]:80'],
];
const word = fc.constantFrom(...words);
const moment = fc.integer({ min: 0, max: 5 }).map((day) => new Date(Date.UTC(2026, 2, 1 + day)));

function optional<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined, freq: 2 });
}

const list = optional(fc.array(word, { minLength: 1, maxLength: 3 }));
const anyFilters: fc.Arbitrary<RecordFilters> = fc.record({
  ...{ from: optional(moment), to: optional(moment), users: list, operations: list, service: list },
  ...{ recordType: optional(fc.array(fc.nat(2), { minLength: 1 })), objectId: list, team: list },
  ...{ siteUrl: list, siteIds: list, mailbox: list, clientIp: list, resultStatus: list },
  ...{ userType: optional(fc.array(fc.nat(2), { minLength: 1 })), administrativeUnits: list },
});
const anySummary: fc.Arbitrary<RecordSummary> = fc.record({
  ...{ userId: optional(word), operation: optional(word), service: optional(word), objectId: optional(word) },
  ...{
    siteUrl: optional(word),
    siteId: optional(word),
    mailboxOwner: optional(word),
    teamId: optional(word),
  },
  ...{ clientIp: optional(word), resultStatus: optional(word), administrativeUnits: list },
  ...{ recordType: optional(fc.nat(2)), userType: optional(fc.nat(2)) },
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
  value: string | readonly string[] | undefined,
  same: readonly string[][],
): boolean {
  if (wanted === undefined) return true;
  const values = typeof value === 'string' ? [value] : (value ?? []);
  const matching = same.filter((group) => values.some((one) => group.includes(one))).flat();
  return wanted.some((one) => matching.includes(one));
}

function isWanted(filters: RecordFilters, created: Date, summary: RecordSummary): boolean {
  const { from, to, recordType, userType } = filters;
  return [
    from === undefined || created.getTime() >= from.getTime(),
    to === undefined || created.getTime() < to.getTime(),
    recordType === undefined || recordType.some((type) => type === summary.recordType),
    userType === undefined || userType.some((type) => type === summary.userType),
    holds(filters.users, summary.userId, asTexts),
    holds(filters.operations, summary.operation, asTexts),
    holds(filters.service, summary.service, asTexts),
    holds(filters.objectId, summary.objectId, asTexts),
    holds(filters.siteUrl, summary.siteUrl, asUrls),
    holds(filters.siteIds, summary.siteId, asTexts),
    holds(filters.mailbox, summary.mailboxOwner, asTexts),
    holds(filters.team, summary.teamId, asTexts),
    holds(filters.administrativeUnits, summary.administrativeUnits, asTexts),
    holds(filters.clientIp, summary.clientIp, asAddresses),
    holds(filters.resultStatus, summary.resultStatus, asTexts),
  ].every(Boolean);
}

const created = new Date('2026-03-02T09:00:00Z');

function recordOf(summary: RecordSummary, changes: Partial<FoundRecord> = {}): FoundRecord {
  return {
    ...{ tenantId: 't', id: 'x-1', createdDateTime: created, summary, createdSource: 'record' },
    ...{ contentType: 'Audit.General', source: 'feed', ingestedDateTime: created, isLegacy: false },
    ...changes,
  };
}

describe('the matcher', () => {
  it('decides like a plain implementation of the filters', () => {
    fc.assert(
      fc.property(anyFilters, moment, anySummary, (filters, createdDateTime, summary) => {
        expect(createMatcher(filters)(recordOf(summary, { createdDateTime }))).toBe(
          isWanted(filters, createdDateTime, summary),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('never matches an absent value', () => {
    for (const filters of [{ users: [''] }, { clientIp: ['x'] }, { objectId: ['*'] }, { siteIds: ['x'] }]) {
      expect(createMatcher(filters)(recordOf({}))).toBe(false);
    }
    expect(createMatcher({})(recordOf({}))).toBe(true);
  });

  it('is undecided without the text, unless another filter decides', () => {
    const record = recordOf({ userId: 'ada' });
    expect(createMatcher({ text: 'plan' })(record)).toBeUndefined();
    expect(createMatcher({ text: 'plan', users: ['bo'] })(record)).toBe(false);
    const text = createRecordText(Buffer.from('{"UserId":"ada","Name":"Plan.docx"}'));
    expect(createMatcher({ text: 'plan', users: ['ada'] })(record, text)).toBe(true);
    expect(createMatcher({ text: 'plans' })(record, text)).toBe(false);
  });

  it('requires the text of rows that were written without sites and units', () => {
    const earlier = recordOf({ userId: 'ada' }, { isLegacy: true });
    expect(createMatcher({ siteIds: ['s'] })(earlier)).toBeUndefined();
    expect(createMatcher({ administrativeUnits: ['u'] })(earlier)).toBeUndefined();
    expect(createMatcher({ siteIds: ['s'], users: ['bo'] })(earlier)).toBe(false);
  });
});
