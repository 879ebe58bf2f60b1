import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import {
  mergeSnapshots,
  recordRoleHolders,
  type RoleHolder,
  type RoleHolderSnapshot,
} from '../../../shared/tenants/role-holders.ts';
import { exchangeAdministrator, privilegedRoles } from '../../../shared/tenants/privileged-roles.ts';
import { createClock } from '../../support/clock.ts';
import { createFakeDirectory } from '../../support/fakes/directory.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { failNext } from '../../support/faults.ts';
import { fabrikamId } from '../../support/tenants.ts';

const holderOf = (id: string, changes: Partial<RoleHolder> = {}): RoleHolder => ({
  ...{ id, type: 'user', assignment: 'active' },
  ...changes,
});
const day = (date: number) => new Date(`2026-03-0${date}T06:00:00Z`);
const snapshot = (date: number, ...holders: readonly RoleHolder[]): RoleHolderSnapshot => ({
  takenAt: day(date),
  holders,
});

describe('merging snapshots', () => {
  it('has when each holder was first and last seen, and who is current', () => {
    const merged = mergeSnapshots([
      snapshot(1, holderOf('anna'), holderOf('ben')),
      snapshot(2, holderOf('anna')),
      snapshot(3, holderOf('anna'), holderOf('carl')),
    ]);
    expect(merged).toMatchObject([
      { id: 'anna', firstSeenDateTime: day(1), lastSeenDateTime: day(3), current: true },
      { id: 'ben', firstSeenDateTime: day(1), lastSeenDateTime: day(1), current: false },
      { id: 'carl', firstSeenDateTime: day(3), lastSeenDateTime: day(3), current: true },
    ]);
  });

  it('shows the latest name', () => {
    const merged = mergeSnapshots([
      snapshot(1, holderOf('anna', { displayName: 'Anna Old' })),
      snapshot(2, holderOf('anna', { displayName: 'Anna New' })),
    ]);
    expect(merged).toMatchObject([{ displayName: 'Anna New', firstSeenDateTime: day(1) }]);
  });

  it('returns no one for no snapshots and for an empty one', () => {
    expect(mergeSnapshots([])).toEqual([]);
    expect(mergeSnapshots([snapshot(1)])).toEqual([]);
  });

  it('counts no one as current when the newest snapshot is empty', () => {
    expect(mergeSnapshots([snapshot(1, holderOf('anna')), snapshot(2)])).toMatchObject([{ current: false }]);
  });
});

describe('taking a snapshot', () => {
  function createWorld() {
    const directory = createFakeDirectory();
    const roleHolders = createFakeRoleHolderStore();
    const telemetry = createRecordingTelemetry();
    const clock = createClock();
    const deps = { directory, roleHolders, telemetry: telemetry.telemetry, now: clock.now };
    return { telemetry, deps, directory, clock };
  }
  const tenant = { tenantId: fabrikamId, cloud: 'enterprise' } as const;
  const roles = privilegedRoles.map(({ id }) => id);
  const readToday = ({ roleHolders, now }: ReturnType<typeof createWorld>['deps']) =>
    roleHolders.read(fabrikamId, { from: now(), to: now(), roles });

  it('reports the number of holders, not their names', async () => {
    const { deps, directory, telemetry } = createWorld();
    directory.answerWith([holderOf('anna', { userPrincipalName: 'anna@fabrikam.example' })]);
    expect(await recordRoleHolders(deps, tenant)).toBeUndefined();
    expect(telemetry.of('tenants.roleHolders.recorded')).toEqual([{ tenantId: fabrikamId, holders: 1 }]);
    expect(JSON.stringify(telemetry.reported)).not.toContain('anna');
  });

  it('stores who holds the other privileged roles', async () => {
    const { deps, directory } = createWorld();
    directory.answerOtherRoleWith(exchangeAdministrator, [holderOf('ben')]);
    await recordRoleHolders(deps, tenant);
    const [taken] = await readToday(deps);
    expect(taken?.holders).toEqual([]);
    expect(taken?.otherRoles).toContainEqual({ role: exchangeAdministrator, holders: [holderOf('ben')] });
    expect(taken?.otherRoles).toContainEqual(expect.objectContaining({ holders: [] }));
  });

  it('keeps the older ones when Graph refuses, and returns the reason', async () => {
    const { deps, directory } = createWorld();
    directory.answerWith([holderOf('anna')]);
    await recordRoleHolders(deps, tenant);
    const refusal = new UpstreamError('fail', 'Authorization_RequestDenied', 'No consent.');
    directory.answerWith(refusal);
    expect(await recordRoleHolders(deps, tenant)).toBe(refusal);
    const later = new Date(deps.now().getTime() + 1);
    expect(await deps.roleHolders.list(fabrikamId, deps.now(), later)).toHaveLength(1);
  });

  it('stores those of Global Administrator alone when Graph refuses those of other roles, and reports it', async () => {
    const { deps, directory, telemetry } = createWorld();
    directory.answerWith([holderOf('anna')]);
    directory.refuseOtherRolesWith(new UpstreamError('fail', 'Request_BadRequest', 'Unknown role.'));
    expect(await recordRoleHolders(deps, tenant)).toBeUndefined();
    const [taken] = await readToday(deps);
    expect(taken?.holders).toEqual([holderOf('anna')]);
    // Not known, which is not the same as held by no one.
    expect(taken?.otherRoles).toBeUndefined();
    expect(telemetry.of('tenants.roleHolders.failed')).toEqual([
      { tenantId: fabrikamId, code: 'Request_BadRequest' },
    ]);
  });

  it('keeps a whole snapshot of the same day when Graph is only out of reach for other roles', async () => {
    const { deps, directory } = createWorld();
    directory.answerWith([holderOf('anna')]);
    await recordRoleHolders(deps, tenant);
    const busy = new UpstreamError('retry', 'ServiceUnavailable', 'Later.');
    directory.refuseOtherRolesWith(busy);
    expect(await recordRoleHolders(deps, tenant)).toBe(busy);
    const [taken] = await readToday(deps);
    expect(taken?.otherRoles).toBeDefined();
  });

  it('keeps a whole snapshot of the same day when Graph refuses other roles later, and takes one the next day', async () => {
    const { deps, directory, telemetry, clock } = createWorld();
    directory.answerWith([holderOf('anna')]);
    directory.answerOtherRoleWith(exchangeAdministrator, [holderOf('ben')]);
    await recordRoleHolders(deps, tenant);
    const whole = await readToday(deps);
    directory.refuseOtherRolesWith(new UpstreamError('fail', 'Request_BadRequest', 'Unknown role.'));
    clock.advance(60_000);
    expect(await recordRoleHolders(deps, tenant)).toBeUndefined();
    expect(await readToday(deps)).toEqual(whole);
    expect(telemetry.of('tenants.roleHolders.failed')).toHaveLength(1);
    expect(telemetry.of('tenants.roleHolders.recorded')).toHaveLength(1);
    clock.advance(24 * 60 * 60_000);
    expect(await recordRoleHolders(deps, tenant)).toBeUndefined();
    expect(await readToday(deps)).toEqual([{ takenAt: deps.now(), holders: [holderOf('anna')] }]);
  });

  it('throws when storage fails', async () => {
    const { deps } = createWorld();
    const failure = new Error('Storage is away.');
    const roleHolders = failNext('store.save', failure).inject('store', deps.roleHolders);
    await expect(recordRoleHolders({ ...deps, roleHolders }, tenant)).rejects.toBe(failure);
  });
});
