/** The organization settings in the simulated Exchange, and their effect on the Activity API. */

import { afterEach, describe, expect, it } from 'vitest';
import { fabrikam } from './simulator-client.ts';
import { problemOf, resultOf, startExchange, typeOf, type ExchangeClient } from './exchange-client.ts';

let client: ExchangeClient;

afterEach(() => client.stop());

const switchedOn = { UnifiedAuditLogIngestionEnabled: true };
const minuteMs = 60_000;

const readSwitch = async (): Promise<unknown> =>
  (await client.rows('Get-AdminAuditLogConfig'))[0]?.['UnifiedAuditLogIngestionEnabled'];

const readOrganization = async () => (await client.rows('Get-OrganizationConfig'))[0];

const turnOn = () => client.invoke('Set-AdminAuditLogConfig', switchedOn);

describe('a healthy organization', () => {
  it('is the default of a tenant', async () => {
    client = await startExchange();
    expect(await readSwitch()).toBe(true);
    expect(await readOrganization()).toMatchObject({ AuditDisabled: false, IsDehydrated: false });
    expect(client.simulator.exchange(fabrikam).summary().mailboxes).toMatchObject({
      total: 20,
      auditEnabled: 20,
      foundAsAudited: 20,
      bypassed: 0,
    });
  });

  it('needs no customization', async () => {
    client = await startExchange();
    const refused = await client.invoke('Enable-OrganizationCustomization');
    expect(problemOf(refused)).toContain('already enabled for customization');
  });
});

describe('the audit switch', () => {
  const off = { tenant: { auditingEnabled: false } };

  it('is off if auditing is off', async () => {
    client = await startExchange({}, off);
    expect(await readSwitch()).toBe(false);
  });

  it('reads back with a delay, and the Activity API follows even later', async () => {
    client = await startExchange(
      {},
      { ...off, auditSwitchReadBackMs: 2 * minuteMs, auditSwitchEffectMs: 50 * minuteMs },
    );
    expect(resultOf(await turnOn()).value).toEqual([]);
    expect(await readSwitch()).toBe(false);
    client.simulator.moveClock(3 * minuteMs);
    expect(await readSwitch()).toBe(true);
    expect((await client.subscribe('Audit.General')).data).toMatch(/Tenant [0-9a-f-]{36} does not exist/);
    client.simulator.moveClock(51 * minuteMs);
    expect((await client.subscribe('Audit.General')).status).toBe(200);
  });

  it('takes effect no later if it is set again in the meantime', async () => {
    client = await startExchange({}, { ...off, auditSwitchEffectMs: 50 * minuteMs });
    await turnOn();
    client.simulator.moveClock(40 * minuteMs);
    await turnOn();
    client.simulator.moveClock(51 * minuteMs);
    expect((await client.subscribe('Audit.General')).status).toBe(200);
  });

  it('turned off, makes the Activity API forget the tenant', async () => {
    client = await startExchange();
    await client.invoke('Set-AdminAuditLogConfig', { UnifiedAuditLogIngestionEnabled: false });
    expect((await client.subscribe('Audit.General')).status).toBe(400);
  });

  it('stays on when the clock goes back', async () => {
    client = await startExchange({}, { ...off, auditSwitchReadBackMs: minuteMs });
    await turnOn();
    client.simulator.moveClock(2 * minuteMs);
    expect(await readSwitch()).toBe(true);
    client.simulator.moveClock(0);
    expect(await readSwitch()).toBe(true);
  });
});

describe('an organization that overrides its mailboxes', () => {
  it('can stop doing so', async () => {
    client = await startExchange({ auditDisabled: true });
    expect(await readOrganization()).toMatchObject({ AuditDisabled: true });
    await client.invoke('Set-OrganizationConfig', { AuditDisabled: false });
    expect(await readOrganization()).toMatchObject({ AuditDisabled: false });
  });
});

describe('a dehydrated organization', () => {
  it('refuses changes until its customization has taken effect', async () => {
    client = await startExchange({ dehydrated: true }, { customizationDelayMs: 30 * minuteMs });
    const refused = await turnOn();
    expect(problemOf(refused)).toContain(
      'you first need to run the command: Enable-OrganizationCustomization.',
    );
    expect(typeOf(refused)).toContain('InvalidOperationInDehydratedContextException');
    expect((await client.invoke('Set-OrganizationConfig', { AuditDisabled: false })).status).toBe(400);
    expect((await client.invoke('Enable-OrganizationCustomization')).status).toBe(200);
    expect(problemOf(await client.invoke('Enable-OrganizationCustomization'))).toContain('not required');
    expect(await readOrganization()).toMatchObject({ IsDehydrated: true });
    expect((await turnOn()).status).toBe(400);
    client.simulator.moveClock(31 * minuteMs);
    expect(await readOrganization()).toMatchObject({ IsDehydrated: false });
    expect((await turnOn()).status).toBe(200);
  });
});

describe('the counters', () => {
  it('count only accepted writes as writes', async () => {
    client = await startExchange();
    await readSwitch();
    await client.invoke('Set-Mailbox', { Identity: 'unknown', AuditEnabled: true });
    expect(client.simulator.counters.snapshot().exchange).toMatchObject({ requests: 2, writes: 0 });
    await turnOn();
    expect(client.simulator.counters.snapshot().exchange).toMatchObject({
      writes: 1,
      writesByTenant: { [fabrikam]: 1 },
      commands: { 'Get-AdminAuditLogConfig': 1, 'Set-AdminAuditLogConfig': 1 },
    });
    client.simulator.counters.reset();
    expect(client.simulator.counters.snapshot().exchange).toMatchObject({ requests: 0, writes: 0 });
  });
});
