/** A report says what is missing from all that it reads, also before and after its range. */
import { describe, expect, it } from 'vitest';
import type { Completeness } from '../../../shared/query/completeness.ts';
import type { ReportRequest } from '../../../shared/reports/report.ts';
import { newReport } from '../../../shared/reports/start-report.ts';
import { privilegedRoles } from '../../../shared/tenants/privileged-roles.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';
import { tenantNamed } from '../../support/tenants.ts';

const tenant = { ...tenantNamed('Contoso'), etag: 'v1', leasedUntil: undefined };
const march = (date: number, hour = 0) => new Date(Date.UTC(2026, 2, date, hour));
const now = march(25);

interface Given {
  readonly collectedFrom: Date;
  readonly completeThrough?: Date;
  readonly snapshots?: readonly number[];
  /** Those that have the holders of all roles. */
  readonly whole?: readonly number[];
}

/** About March 10 to 19. */
async function started(
  kind: string,
  { collectedFrom, completeThrough = now, snapshots = [], whole: all = [] }: Given,
  options: ReportRequest['options'] = {},
) {
  const roleHolders = createFakeRoleHolderStore();
  for (const date of snapshots)
    await roleHolders.save(tenant.tenantId, {
      ...{ takenAt: march(date, 4), holders: [] },
      ...(all.includes(date) && { otherRoles: privilegedRoles.map(({ id }) => ({ role: id, holders: [] })) }),
    });
  const completeness: Completeness = {
    completeThrough,
    contentTypes: [{ contentType: 'Audit.SharePoint', collectedFrom, completeThrough }],
    ...{ open: [], gaps: [], unindexedLandings: 0, recordsIndexing: 0 },
  };
  const deps = { now: () => now, completeness: () => Promise.resolve(completeness), roleHolders };
  const request = { kind, from: march(10), to: march(20), options };
  const { isPending, hasGaps } = (await newReport(deps, tenant, { request, createdBy: 'key-1' })).state;
  return { isPending, hasGaps };
}

const whole = { isPending: false, hasGaps: false };

describe('the completeness of a new report', () => {
  it('is that of its range, if its kind reads nothing else', async () => {
    const early = { collectedFrom: march(10), completeThrough: march(20) };
    // The records of its first days may have been published before.
    expect(await started('mailboxAccess', { ...early, collectedFrom: march(9) })).toEqual(whole);
    expect(await started('mailboxAccess', { ...early, completeThrough: march(19) })).toMatchObject({
      isPending: true,
    });
  });

  it.each([
    ['userActivity', { user: 'ada@contoso.example', services: ['SharePoint'] }],
    ['signIns', {}],
  ])('of %s is that of the days that it compares with as well', async (kind, options) => {
    const gaps = { ...whole, hasGaps: true };
    expect(await started(kind, { collectedFrom: march(1) }, options)).toEqual(gaps);
    expect(await started(kind, { collectedFrom: march(-20) }, options)).toEqual(whole);
  });

  it('of holders of roles is that from the snapshot before the range to the one after it', async () => {
    const snapshots = [4, 5, 6, 12, 22, 23];
    const of = (given: Given) => started('privilegedActivity', { snapshots, ...given });
    const complete = { collectedFrom: march(-20), completeThrough: march(22, 5) };
    const options = { roles: ['globalAdministrator'] };
    expect(await started('privilegedActivity', { snapshots, ...complete }, options)).toEqual(whole);
    expect(await of({ ...complete, collectedFrom: march(9) })).toEqual({ ...whole, hasGaps: true });
    expect(await of({ ...complete, collectedFrom: march(5) })).toEqual(whole);
    expect(await of({ ...complete, completeThrough: march(21) })).toEqual({ ...whole, isPending: true });
  });

  it('of holders of several roles is that from the nearest snapshots that have each of them', async () => {
    const options = { roles: ['globalAdministrator', 'exchangeAdministrator'] };
    const given = { snapshots: [4, 5, 6, 22, 23, 24], whole: [4, 5, 23] };
    const of = (from: Date, to: Date) =>
      started('privilegedActivity', { ...given, collectedFrom: from, completeThrough: to }, options);
    expect(await of(march(4), march(23, 5))).toEqual(whole);
    expect(await of(march(6), march(23, 5))).toEqual({ ...whole, hasGaps: true });
    expect(await of(march(4), march(22, 5))).toEqual({ ...whole, isPending: true });
  });

  it('of holders of roles without snapshots is that of 400 days before, and up to now', async () => {
    const complete = { collectedFrom: march(-200), completeThrough: march(24) };
    expect(await started('privilegedActivity', complete)).toEqual({ isPending: true, hasGaps: true });
  });
});
