import { describe, expect, it } from 'vitest';
import { checkPosture } from '../../../shared/enablement/check-posture.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { dayMs } from '../../support/clock.ts';
import { createEnablementWorld, stepOf, type EnablementWorld } from '../../support/enablement-world.ts';
import { createFaults, failNext } from '../../support/faults.ts';
import { mailboxNamed } from '../../support/modeled-mailbox.ts';

/** The daily check. */
async function checkNextDay(world: EnablementWorld): Promise<void> {
  world.clock.advance(dayMs);
  const tenant = await world.tenants.get(world.tenant.tenantId);
  if (tenant === undefined) throw new Error('The tenant is gone.');
  await checkPosture(world.depsOf(), tenant);
}

async function createEnabledWorld(options: { repairDrift?: boolean } = {}, request: unknown = {}) {
  const world = createEnablementWorld(options);
  world.exchange.put(mailboxNamed('anna', { auditEnabled: false }), mailboxNamed('ben'));
  await world.run(request);
  return world;
}

function makeWorse({ exchange }: EnablementWorld): void {
  exchange.organization.unifiedAuditLog = false;
  exchange.put({ ...exchange.mailbox('anna'), auditEnabled: false, foundAudited: false });
  exchange.bypassed.set('id-robot', { id: 'id-robot', name: 'Robot' });
}

describe('the daily check', () => {
  it('stores the posture, and reports no drift where there is none', async () => {
    const world = await createEnabledWorld();
    await checkNextDay(world);
    await checkNextDay(world);
    expect(await world.postures.list(world.tenant.tenantId, 9)).toHaveLength(3);
    expect(world.telemetry.of('enablement.posture.checked')).toMatchObject([
      { problems: 0 },
      { problems: 0 },
    ]);
    expect(world.telemetry.of('enablement.drift.found')).toEqual([]);
  });

  it('reports each drift once, and repairs nothing unless the tenant is set to repair', async () => {
    const world = await createEnabledWorld();
    makeWorse(world);
    const writes = world.exchange.writes.length;
    await checkNextDay(world);
    await checkNextDay(world);
    expect(world.telemetry.of('enablement.drift.found')).toEqual([
      { tenantId: world.tenant.tenantId, drift: 3 },
    ]);
    expect(world.queues.waiting()).toEqual([]);
    expect(world.exchange.writes.length).toBe(writes);
  });

  it('notifies of a drift once, also when the check is repeated because storage failed', async () => {
    const world = await createEnabledWorld();
    makeWorse(world);
    world.clock.advance(dayMs);
    const tenant = await world.tenants.get(world.tenant.tenantId);
    if (tenant === undefined) throw new Error('The tenant is gone.');
    const failing = failNext('postures.save', new Error('Storage is away.'));
    await expect(checkPosture(world.depsOf(failing), tenant)).rejects.toThrow();
    await checkPosture(world.depsOf(), tenant);
    await checkNextDay(world);
    const { matters } = world.queues;
    expect(matters[0]).toMatchObject({ topic: 'drift', tenant: { tenantId: tenant.tenantId } });
    expect(matters[0]?.sentence).toContain('The unified audit log is off.');
    // One key: channels have it once.
    expect(new Set(matters.map(({ key }) => key)).size).toBe(1);
  });

  it('repairs where the policy says so', async () => {
    const world = await createEnabledWorld({ repairDrift: true });
    makeWorse(world);
    await checkNextDay(world);
    await world.drain();
    expect(world.exchange.organization.unifiedAuditLog).toBe(true);
    expect(world.exchange.mailbox('anna').auditEnabled).toBe(true);
    expect(world.exchange.bypassed.size).toBe(0);
    await checkNextDay(world);
    expect(world.telemetry.of('enablement.posture.checked').at(-1)).toMatchObject({ problems: 0 });
    expect(world.telemetry.of('operations.operation.started')).toHaveLength(2);
  });

  it('compares mailboxes with the last request, and repairs to that', async () => {
    const world = await createEnabledWorld(
      { repairDrift: true },
      { auditLogAgeDays: 180, owner: ['MailboxLogin'] },
    );
    await world.run({ mailboxes: ['anna'], auditLogAgeDays: 180 });
    await world.run({ dryRun: true });
    await checkNextDay(world);
    expect(world.telemetry.of('enablement.drift.found')).toEqual([]);
    expect(world.telemetry.of('enablement.posture.checked')).toMatchObject([{ problems: 0 }]);
    world.exchange.put(mailboxNamed('new', { auditEnabled: false }));
    await checkNextDay(world);
    await world.drain();
    expect(world.exchange.mailbox('new')).toMatchObject({ auditEnabled: true, auditLogAgeDays: 180 });
    expect(world.exchange.mailbox('new').actions.owner).toContain('MailboxLogin');
  });

  it('ignores an enablement that is already running', async () => {
    const world = createEnablementWorld({ repairDrift: true });
    world.exchange.put(mailboxNamed('anna'));
    const { id } = await world.start();
    await checkNextDay(world);
    await world.drain();
    expect(stepOf(await world.read(id), 'verification').status).toBe('Succeeded');
  });

  it('reports what Microsoft refuses, keeps the last posture, and throws when storage fails', async () => {
    const world = await createEnabledWorld();
    const before = await world.postures.list(world.tenant.tenantId, 9);
    world.exchange.refuse('readOrganization', new UpstreamError('fail', 'ExchangeForbidden', 'No.'), 1);
    await checkNextDay(world);
    expect(world.telemetry.of('enablement.posture.failed')).toMatchObject([{ code: 'ExchangeForbidden' }]);
    expect(await world.postures.list(world.tenant.tenantId, 9)).toEqual(before);
    const faults = createFaults((step) =>
      step === 'postures.save' ? new Error('Storage is away.') : undefined,
    );
    const tenant = await world.tenants.get(world.tenant.tenantId);
    if (tenant === undefined) throw new Error('The tenant is gone.');
    await expect(checkPosture(world.depsOf(faults), tenant)).rejects.toThrow('Storage is away.');
  });
});
