/** What a filter with many comparisons costs: every text is folded once a record, whatever the number of comparisons. */
import { describe, expect, it, vi } from 'vitest';
import { withoutEnd } from '../../../shared/query/complete-range.ts';
import { parseFilters } from '../../../shared/query/filters.ts';
import type { FoundRecord } from '../../../shared/query/found-record.ts';
import { createRecordText } from '../../../shared/query/matching/free-text.ts';
import { createMatcher } from '../../../shared/query/matching/match.ts';

const record: FoundRecord = {
  ...{ tenantId: 't', id: 'x-1', createdDateTime: new Date('2026-03-02T09:00:00Z') },
  ...{ createdSource: 'record', contentType: 'Audit.General', source: 'feed', isLegacy: false },
  ingestedDateTime: new Date('2026-03-02T10:00:00Z'),
  summary: {
    userId: 'Ada@contoso.example',
    operation: 'FileDeleted',
    clientIp: '192.0.2.1',
    objectId: 'https://a',
  },
};

/** Escapes make the search look at every name and value on its own. */
const delivered = JSON.stringify({
  Path: 'C:\\Users\\Ada',
  ...Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`Name${at}`, `Value ${at}\n`])),
});

type Parameters = readonly (readonly [string, string])[];

/** How often texts are composed, which every folding does, while one record is matched. */
function foldingsOf(parameters: Parameters): number {
  const matches = createMatcher(
    withoutEnd(parseFilters(new URLSearchParams(parameters.map(([...pair]) => pair)))),
  );
  const text = createRecordText(Buffer.from(delivered));
  const normalize = vi.spyOn(String.prototype, 'normalize');
  expect(matches(record, text)).toBe(false);
  const foldings = normalize.mock.calls.length;
  normalize.mockRestore();
  return foldings;
}

const times = <T>(count: number, one: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => one(at));
const anyOf = (count: number, one: (at: number) => string): Parameters => [
  ['filter', times(count, one).join(' or ')],
];

describe('a record is folded once', () => {
  it.each<[string, (count: number) => Parameters]>([
    ['searches of the whole text', (n) => anyOf(n, (at) => `contains(auditData,'none${at}')`)],
    ['searches of one value', (n) => anyOf(n, (at) => `contains(auditData/Path,'none${at}')`)],
    ['searches of a member', (n) => anyOf(n, (at) => `endswith(userId,'none${at}')`)],
    ['values in a list', (n) => anyOf(1, () => `userId in (${times(n, (at) => `'none${at}'`).join(',')})`)],
    ['comparisons by order', (n) => anyOf(n, (at) => `userId gt 'z${at}'`)],
    ['patterns', (n) => times(n, (at) => ['objectId', `*none${at}*`])],
    ['networks', (n) => times(n, (at) => ['clientIp', `198.51.${at}.0/24`])],
  ])('for 100 %s as for 2', (_, parametersOf) => {
    expect(foldingsOf(parametersOf(100))).toBe(foldingsOf(parametersOf(2)));
  });
});
