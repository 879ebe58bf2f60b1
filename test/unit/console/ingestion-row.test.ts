/** The table of ingestion. */
import { describe, expect, it } from 'vitest';
import { filtered, sorted, statusOf, type IngestionRow } from '../../../console/ingestion/ingestion-row.ts';

const fresh: IngestionRow = {
  ...{ tenantId: '8f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b', displayName: 'Contoso', state: 'Active' },
  ...{ idle: true, pending: 0, rejected: 0, rejectedParts: 0, unindexedLandings: 0, recordsIndexing: 0 },
  ...{ gaps: 0, backfilled: [], nextPollDateTime: '2026-11-30T12:00:00.000Z', throttled: false },
  ...{ lagSeconds: 600, disabledContentTypes: [] },
};
const unknown: IngestionRow = { ...fresh, lagSeconds: undefined };
const behind = { ...fresh, displayName: 'Fabrikam', lagSeconds: 20_000, gaps: 2 };

describe('what the table of ingestion says', () => {
  it.each([
    ['Up to date', fresh],
    ['Behind', behind],
    ['Not known yet', unknown],
    ['Throttled', { ...behind, throttled: true }],
    ['Not delivered', { ...behind, disabledContentTypes: ['DLP.All' as const] }],
    ['Polls fail', { ...behind, lastError: 'ConsentMissing' }],
    ['No consent yet', { ...unknown, state: 'PendingConsent' as const, lastError: 'ConsentMissing' }],
  ])('says "%s" first', (text, row) => {
    expect(statusOf(row).text).toBe(text);
  });

  it('never says that a tenant is up to date whose lag is unknown', () => {
    expect(statusOf(unknown).tone).not.toBe('good');
  });

  it('finds a tenant by a part of its name or its ID', () => {
    expect(filtered([fresh, behind], ' FABRI', 'all')).toEqual([behind]);
    expect(filtered([fresh], '3c4d', 'all')).toEqual([fresh]);
    expect(filtered([fresh, behind], '', 'behind')).toEqual([behind]);
    expect(filtered([fresh, behind], 'contoso', 'gaps')).toEqual([]);
  });

  it('keeps the order of the API, the worst first, where rows are equal', () => {
    expect(sorted([behind, fresh], 'worst', false)).toEqual([behind, fresh]);
    expect(sorted([behind, fresh], 'worst', true)).toEqual([behind, fresh]);
    expect(sorted([behind, fresh], 'pending', true)).toEqual([behind, fresh]);
    expect(sorted([behind, fresh], 'lag', false)).toEqual([fresh, behind]);
  });
});
