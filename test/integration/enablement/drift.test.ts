import { describe, expect, it } from 'vitest';
import { driftOf } from '../../../shared/enablement/posture.ts';
import { dayMs } from '../../support/clock.ts';
import { useEnabling, type EnabledTenant } from './enabling.ts';

const newTenant = useEnabling();

const exchange = { generate: { counts: { UserMailbox: 30, SharedMailbox: 5 }, unaudited: 0.5 } };

/** The daily check; names of the events that it reports. */
async function checkNextDay(tenant: EnabledTenant): Promise<readonly string[]> {
  tenant.advance(dayMs);
  const { events, messages } = await tenant.work({ work: 'check' });
  for (const { id } of messages) await tenant.drain(id);
  return events.map(({ event }) => event);
}

async function newDrift(tenant: EnabledTenant): Promise<readonly string[]> {
  const [after, before] = await tenant.postures.list(tenant.tenantId, 2);
  return before === undefined || after === undefined ? [] : driftOf(before, after);
}

const drifts = [
  {
    ...{ name: 'a mailbox un-audited', text: /^The mailbox user00003@.* is not audited as wanted\.$/ },
    make: ({ exchange: admin }: EnabledTenant) =>
      void admin.changeMailboxes({ where: { identities: ['User 00003'] }, change: { auditEnabled: false } }),
  },
  {
    ...{ name: 'a mailbox that only says it is audited', text: /^The mailbox user00004@.* is not audited/ },
    make: ({ exchange: admin }: EnabledTenant) =>
      void admin.changeMailboxes({
        where: { identities: ['User 00004'] },
        change: { foundAsAudited: false },
      }),
  },
  {
    ...{ name: 'a bypass added', text: /^What User 00005 does in mailboxes is not audited \(bypass\)\.$/ },
    make: ({ exchange: admin }: EnabledTenant) =>
      void admin.changeMailboxes({ where: { identities: ['User 00005'] }, change: { bypassed: true } }),
  },
  {
    ...{ name: 'the switch turned off', text: /^The unified audit log is off\.$/ },
    make: ({ exchange: admin }: EnabledTenant) => void admin.changeOrganization({ unifiedAuditLog: false }),
  },
  {
    ...{ name: 'auditing disabled for all', text: /^Mailbox auditing is off for the whole organization\.$/ },
    make: ({ exchange: admin }: EnabledTenant) => void admin.changeOrganization({ auditDisabled: true }),
  },
];

describe.each(drifts)('$name', ({ make, text }) => {
  it('is reported by the next daily check, once, and left as it is', async () => {
    const tenant = await newTenant({ exchange });
    await tenant.run({ removeBypasses: true });
    expect(await checkNextDay(tenant)).toEqual(['enablement.posture.checked']);
    make(tenant);
    tenant.simulator.counters.reset();
    expect(await checkNextDay(tenant)).toContain('enablement.drift.found');
    const drift = await newDrift(tenant);
    expect(drift).toHaveLength(1);
    expect(drift[0]).toMatch(text);
    expect(await checkNextDay(tenant)).not.toContain('enablement.drift.found');
    expect(tenant.simulator.counters.snapshot().exchange.writes).toBe(0);
  });

  it('is repaired if the policy says so, with no other writes', async () => {
    const tenant = await newTenant({ exchange, repairDrift: true });
    await tenant.run({ removeBypasses: true });
    make(tenant);
    tenant.simulator.counters.reset();
    expect(await checkNextDay(tenant)).toContain('operations.operation.started');
    const { writes } = tenant.simulator.counters.snapshot().exchange;
    expect(writes).toBe(text.test('The mailbox user00004@ is not audited') ? 2 : 1);
    const events = await checkNextDay(tenant);
    expect(events).toEqual(['enablement.posture.checked']);
    const [posture] = await tenant.postures.list(tenant.tenantId, 1);
    expect(posture).toMatchObject({
      ...{ unifiedAuditLog: true, mailboxAuditingDisabled: false, bypasses: [] },
      mailboxes: { total: 35, asWanted: 35 },
    });
  });
});
