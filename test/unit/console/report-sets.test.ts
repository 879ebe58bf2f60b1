/** The parts of the pages of reports on several tenants that need no browser. */
import { describe, expect, it } from 'vitest';
import {
  latestOfEach,
  progressText,
  reasonsIn,
  setStatusText,
  type ReportSet,
  type ReportSetTenant,
} from '../../../console/reports/set-texts.ts';
import {
  chosenIn,
  setText,
  tenantOptions,
  tenantsIn,
  termChoices,
} from '../../../console/reports/tenant-sets.ts';

const [first, second, third] = [1, 2, 3].map((at) => `8f0d1a2b-3c4d-4e5f-8a9b-00000000000${at}`) as [
  string,
  string,
  string,
];

const tenants = [
  { tenantId: first, displayName: 'Woodgrove', domain: 'woodgrove.example', tags: ['silver', 'gold'] },
  { tenantId: second, displayName: 'Contoso', domain: 'contoso.example', tags: ['gold'] },
  { tenantId: third, displayName: 'Fabrikam', tags: [] },
];

describe('whom a report is about', () => {
  const none: readonly string[] = [];

  it('can be all tenants, those with a tag, several, or one of them by name', () => {
    expect(tenantOptions(tenants).map(({ text }) => text)).toEqual([
      ...['Choose tenants', 'All tenants', 'With the tag gold', 'With the tag silver', 'Several tenants'],
      ...['Contoso', 'Fabrikam', 'Woodgrove'],
    ]);
  });

  it('is named by each of the choices', () => {
    const values = tenantOptions(tenants).map(({ value }) => value);
    expect(values.map((tenant) => chosenIn({ tenant, several: none }, tenants))).toEqual([
      undefined,
      { tenants: ['*'] },
      { tenants: ['tag:gold'] },
      { tenants: ['tag:silver'] },
      { tenants: [] },
      ...[second, third, first].map((tenantId) => ({ tenantId })),
    ]);
  });

  it('is the set in the address where several are chosen', () => {
    const terms = ['tag:gold', third];
    expect(chosenIn({ tenant: 'several', several: terms }, tenants)).toEqual({ tenants: terms });
  });

  it('is the only tenant of a session that sees one, whatever the address says', () => {
    const own = tenants.slice(0, 1);
    for (const tenant of ['', '*', 'tag:gold', 'several', third])
      expect(chosenIn({ tenant, several: none }, own)).toEqual({ tenantId: first });
  });

  it('is nothing for a tenant that the session does not see', () => {
    expect(chosenIn({ tenant: 'other', several: none }, tenants)).toBeUndefined();
  });
});

describe('a set of tenants', () => {
  it('has the tenants that its IDs, domains, and tags name, each once', () => {
    const namesIn = (...terms: readonly string[]) =>
      tenantsIn(terms, tenants).map(({ displayName }) => displayName);
    expect(namesIn('*')).toHaveLength(3);
    expect(namesIn('tag:gold', first)).toEqual(['Woodgrove', 'Contoso']);
    expect(namesIn('CONTOSO.example', third)).toEqual(['Contoso', 'Fabrikam']);
    expect(namesIn('', 'tag:', 'tag:bronze')).toEqual([]);
  });

  it('is made of tags and tenants', () => {
    expect(termChoices(tenants).map(({ name }) => name)).toEqual([
      ...['tag:gold', 'tag:silver'],
      ...[second, third, first],
    ]);
  });

  it.each([
    ['*', 'All tenants'],
    ['tag:gold', 'With the tag gold'],
    [`tag:gold,${third},other`, 'With the tag gold, Fabrikam, other'],
  ])('reads in words: %s', (set, text) => {
    expect(setText(set, tenants)).toBe(text);
  });
});

const counts = {
  ...{ percentComplete: 0, tenantCount: 6, notStartedCount: 0, runningCount: 0, waitingCount: 0 },
  ...{ succeededCount: 0, partiallySucceededCount: 0, failedCount: 0, canceledCount: 0 },
};

const set: ReportSet = {
  ...{ id: first, tenants: '*', kind: 'posture', title: 'Audit posture', options: {}, status: 'Running' },
  ...{ from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', createdBy: 'key:1' },
  ...{ createdDateTime: '2026-11-02T08:00:00.000Z', lastActionDateTime: '2026-11-02T08:00:00.000Z' },
  ...counts,
};

describe('reports on several tenants', () => {
  it('say how many tenants have come how far', () => {
    const some = { ...set, succeededCount: 1, runningCount: 2, notStartedCount: 2, failedCount: 1 };
    expect(progressText(some)).toBe('6 tenants: 1 done, 2 being computed, 2 not started, 1 failed.');
    expect(progressText({ ...set, tenantCount: 1, canceledCount: 1 })).toBe('1 tenant: 1 canceled.');
    expect(progressText({ ...set, tenantCount: 0 })).toBe('0 tenants.');
  });

  it('are done only when every tenant has a report', () => {
    const ended = { ...counts, succeededCount: 4 };
    expect(setStatusText({ ...ended, status: 'PartiallySucceeded' })).toEqual({
      tone: 'warning',
      text: 'Done, without 2 of 6 tenants',
    });
    expect(setStatusText({ ...ended, succeededCount: 6, status: 'Succeeded' }).tone).toBe('good');
    expect(setStatusText({ ...ended, status: 'Failed' }).tone).toBe('bad');
  });

  it('say the same words from their beginning to their end, so that they are read out once', () => {
    const texts = [0, 1, 5].map(
      (succeededCount) => setStatusText({ ...counts, succeededCount, status: 'Running' }).text,
    );
    expect(new Set(texts).size).toBe(1);
  });

  it('say each reason once, with the tenants', () => {
    const rows: readonly ReportSetTenant[] = [
      { tenantId: first, tenantDisplayName: 'Woodgrove', status: 'Failed', errorMessage: 'Too large.' },
      { tenantId: second, status: 'Failed', errorMessage: 'Too large.' },
      { tenantId: third, tenantDisplayName: 'Fabrikam', status: 'Canceled', errorMessage: 'Removed.' },
      { tenantId: '4', tenantDisplayName: 'Litware', status: 'Succeeded' },
    ];
    expect(reasonsIn(rows)).toEqual([
      { tone: 'bad', text: 'Failed', why: 'Too large.', names: ['Woodgrove', second] },
      { tone: 'neutral', text: 'Canceled', why: 'Removed.', names: ['Fabrikam'] },
    ]);
  });

  it('have each tenant once, as it was found last', () => {
    const rows: readonly ReportSetTenant[] = [
      { tenantId: first, status: 'Running' },
      { tenantId: second, status: 'Running' },
      { tenantId: first, status: 'Succeeded' },
    ];
    expect(latestOfEach(rows)).toEqual([
      { tenantId: first, status: 'Succeeded' },
      { tenantId: second, status: 'Running' },
    ]);
  });
});
