/** What a report is given about the time before its range. */
import { describe, expect, it } from 'vitest';
import type { Completeness } from '../../../shared/query/completeness.ts';
import { beforeRange, pastOf } from '../../../shared/reports/past.ts';
import { readInputs } from '../../../shared/reports/read-inputs.ts';
import { createFakeMailboxNameStore } from '../../support/fakes/mailbox-name-store.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';
import { createFakePostureStore } from '../../support/fakes/posture-store.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';
import { tenantNamed } from '../../support/tenants.ts';

const at = (text: string) => new Date(`2026-${text}Z`);
const range = { from: at('03-10T12:00:00'), to: at('03-12T00:00:00') };
const whole: Completeness = {
  completeThrough: at('04-01T00:00:00'),
  contentTypes: [
    { contentType: 'Audit.AzureActiveDirectory', collectedFrom: at('01-01T00:00:00') },
    { contentType: 'Audit.SharePoint', collectedFrom: at('01-01T00:00:00') },
  ],
  ...{ open: [], gaps: [], unindexedLandings: 0, recordsIndexing: 0 },
};

async function pastGaps(changes: Partial<Completeness>) {
  const deps = {
    postures: createFakePostureStore(),
    roleHolders: createFakeRoleHolderStore(),
    names: createFakeNameDirectory(),
    mailboxNames: createFakeMailboxNameStore(),
    completeness: () => Promise.resolve({ ...whole, ...changes }),
  };
  const tenant = { ...tenantNamed('Contoso'), etag: 'v1', leasedUntil: undefined };
  const inputs = await readInputs(deps, { tenant, range, needs: ['pastGaps'], roles: [], now: range.to });
  return inputs.pastGaps;
}

describe('the time before a range', () => {
  it('is 28 whole days, and the rest of the day on which the range begins', () => {
    const days = { from: at('02-10T00:00:00'), to: at('03-10T00:00:00') };
    expect(pastOf(range)).toEqual(days);
    expect(beforeRange(range)).toEqual({ ...days, to: range.from });
  });

  it('lacks nothing if all of it was collected and kept', async () => {
    expect(await pastGaps({})).toEqual([]);
  });

  it('lacks what was not collected, lost, or deleted, with each reason once', async () => {
    const lost = (day: string) => ({
      contentType: 'Audit.SharePoint' as const,
      window: { start: at(`${day}T00:00:00`), end: at(`${day}T01:00:00`) },
      ...{ reason: 'feedExpired' as const, code: 'AF20051', recordedAt: at('03-01T00:00:00') },
    });
    const contentTypes = whole.contentTypes.map((one) =>
      one.contentType === 'Audit.SharePoint' ? one : { ...one, collectedFrom: at('02-11T00:00:00') },
    );
    const gaps = await pastGaps({
      contentTypes,
      gaps: [lost('02-12'), lost('02-13'), lost('03-20')],
      retainedFrom: at('02-10T00:00:01'),
    });
    expect(gaps?.map(({ contentType, reason }) => [contentType, reason.slice(0, 12)])).toEqual([
      [undefined, 'Records may '],
      ['Audit.AzureActiveDirectory', 'Collection h'],
      ['Audit.SharePoint', expect.any(String)],
    ]);
  });

  it('does not lack what was deleted before it', async () => {
    expect(await pastGaps({ retainedFrom: at('02-10T00:00:00') })).toEqual([]);
  });
});
