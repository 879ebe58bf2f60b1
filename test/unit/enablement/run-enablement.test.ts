import { describe, expect, it } from 'vitest';
import { enablementKind, enablementRequestSchema } from '../../../shared/enablement/enablement.ts';
import { publicEnablement } from '../../../shared/enablement/public-enablement.ts';
import { messageFor } from '../../../shared/operations/operation.ts';
import { publicTenant } from '../../../shared/tenants/public-tenant.ts';
import type { TenantChanges } from '../../../shared/tenants/tenant.ts';
import { hourMs } from '../../support/clock.ts';
import {
  createEnablementWorld,
  requestOf,
  runEnablement,
  statusesOf,
  stepOf,
  type EnablementWorld,
} from '../../support/enablement-world.ts';
import { createFaults } from '../../support/faults.ts';
import { mailboxNamed } from '../../support/modeled-mailbox.ts';
import { makeWrong, refusal } from '../../support/wrong-world.ts';

const everything = { removeBypasses: true };

describe('an enablement', () => {
  it('makes everything right, and shows before and after of each step', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    const done = await world.run(everything);
    expect(done.status).toBe('Succeeded');
    expect(statusesOf(done)).toEqual({
      ...{ customization: 'Succeeded', unifiedAuditLog: 'Succeeded', organizationAuditing: 'Succeeded' },
      ...{ mailboxes: 'Succeeded', bypasses: 'Succeeded', subscriptions: 'Succeeded' },
      verification: 'Succeeded',
    });
    expect(stepOf(done, 'unifiedAuditLog')).toMatchObject({
      before: { unifiedAuditLogIngestionEnabled: false },
      after: { unifiedAuditLogIngestionEnabled: true },
    });
    expect(stepOf(done, 'mailboxes')).toMatchObject({
      before: { mailboxes: 4, toChange: 3 },
      after: { mailboxes: 4, toChange: 0 },
    });
    expect(stepOf(done, 'bypasses')).toMatchObject({
      before: { bypasses: ['Robot'] },
      after: { bypasses: [] },
    });
    expect(stepOf(done, 'verification').after).toMatchObject({
      mailboxes: { total: 4, asWanted: 4, wrong: [] },
    });
  });

  it('finds nothing to do the second time', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    await world.run(everything);
    const writes = world.exchange.writes.length;
    const again = await world.run(everything);
    expect(again.status).toBe('Succeeded');
    const { verification, ...others } = statusesOf(again);
    expect(verification).toBe('Succeeded');
    expect(new Set(Object.values(others))).toEqual(new Set(['AlreadyDone']));
    expect(world.exchange.writes.length).toBe(writes);
    expect(world.feed.started).toHaveLength(2);
  });

  it('runs only the requested steps', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    const done = await world.run({ workloads: ['feed'] });
    expect(statusesOf(done)).toEqual({ subscriptions: 'Succeeded', verification: 'Succeeded' });
    expect(world.exchange.writes).toEqual([]);
  });

  it('keeps bypasses unless their removal was requested, and shows them', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    const done = await world.run();
    expect(stepOf(done, 'bypasses')).toMatchObject({ status: 'AlreadyDone', after: { bypasses: ['Robot'] } });
    expect(done.status).toBe('Succeeded');
    expect(world.exchange.bypassed.size).toBe(1);
  });

  it('begins to collect: subscriptions are stored with the tenant and a poll is requested', async () => {
    const world = createEnablementWorld();
    await world.run();
    expect(world.queues.pollRequests).toEqual([
      { version: 1, tenantId: world.tenant.tenantId, reason: 'registered' },
    ]);
    expect(await world.tenants.get(world.tenant.tenantId)).toMatchObject({
      subscriptions: [
        { contentType: 'Audit.Exchange', enabled: true },
        { contentType: 'Audit.SharePoint', enabled: true },
      ],
      poll: { nextPollAt: world.clock.now() },
    });
  });

  it('that starts subscriptions leaves no check that says otherwise, and has the other failed checks repeated', async () => {
    const world = createEnablementWorld();
    const { tenantId, contentTypes } = world.tenant;
    const code = 'TenantDoesNotExist';
    const failed = { state: 'Failed', cure: 'Do it.', checkedDateTime: '2026-03-09T12:00:00.000Z' } as const;
    const checks = ['consent', 'exchangeRole', 'subscription:Audit.Exchange'].map((name) => ({
      name,
      ...failed,
    }));
    const subscriptions = contentTypes.map((contentType) => ({
      contentType,
      enabled: false,
      errorCode: code,
    }));
    await world.tenants.update(tenantId, { checks, subscriptions });
    await world.run({ dryRun: true });
    expect(world.queues.tenantChecks).toEqual([]);
    await world.run();
    const tenant = await world.tenants.get(tenantId);
    if (tenant === undefined) throw new Error('The tenant is gone.');
    expect(publicTenant(tenant, {}).checks).toMatchObject([
      { name: 'consent', state: 'Passed' },
      { name: 'exchangeRole', state: 'Failed' },
      { name: 'subscription:Audit.Exchange', state: 'Passed' },
      { name: 'subscription:Audit.SharePoint', state: 'Passed' },
    ]);
    expect(world.queues.tenantChecks).toEqual([
      { message: { version: 1, tenantId, attempt: 0 }, delayMs: 0 },
    ]);
  });

  it('of a tenant that lacks nothing requests no check', async () => {
    const world = createEnablementWorld();
    await world.run();
    expect(world.queues.tenantChecks).toEqual([]);
  });

  it('keeps what its verification found as the posture of the day, when it covered all mailboxes', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    await world.run({ mailboxes: ['off'] });
    expect(await world.postures.list(world.tenant.tenantId, 9)).toEqual([]);
    await world.run();
    expect(await world.postures.list(world.tenant.tenantId, 9)).toMatchObject([{ mailboxes: { total: 4 } }]);
  });

  it('that is gone, finished, or of a tenant that is gone ignores its message', async () => {
    const world = createEnablementWorld();
    const { id } = await world.start();
    const message = messageFor(enablementKind, { tenantId: world.tenant.tenantId, id });
    await world.drain();
    const reads = createFaults();
    await world.queues.requestOperationRun(message, 0);
    await world.queues.requestOperationRun({ ...message, tenantId: '0'.repeat(8) }, 0);
    await world.deliver(reads);
    await world.deliver(reads);
    expect(new Set(reads.steps)).toEqual(new Set(['enablements.get']));
  });
});

describe('an enablement whose tenant changes between two of its steps', () => {
  async function runWith(world: EnablementWorld, changes: TenantChanges) {
    const { id, tenantId } = await world.start();
    const { exchange, ...deps } = world.depsOf();
    let changed = false;
    const listBypasses: typeof exchange.listBypasses = async (...args) => {
      if (!changed) await world.tenants.update(tenantId, changes);
      changed = true;
      return await exchange.listBypasses(...args);
    };
    const message = messageFor(enablementKind, { tenantId, id });
    await runEnablement({ ...deps, exchange: { ...exchange, listBypasses } }, message);
    await world.drain();
    return await world.read(id);
  }

  it('starts no subscription after the removal of the tenant began, and is canceled', async () => {
    const world = createEnablementWorld();
    const done = await runWith(world, { state: 'Removing' });
    expect(world.feed.started).toEqual([]);
    expect(done).toMatchObject({ status: 'Canceled', errorCode: 'TenantRemoved' });
  });

  it('keeps what a poll saved meanwhile', async () => {
    const world = createEnablementWorld();
    const lastPollAt = world.clock.now();
    await runWith(world, { poll: { nextPollAt: lastPollAt, quietPolls: 3, lastPollAt } });
    expect(await world.tenants.get(world.tenant.tenantId)).toMatchObject({
      poll: { lastPollAt, quietPolls: 0 },
    });
  });
});

describe('a dry run', () => {
  it('lists every change, writes nothing and starts nothing', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    const done = await world.run({ ...everything, dryRun: true });
    expect(done.status).toBe('Succeeded');
    expect(done.state.steps.flatMap(({ changes = [] }) => changes)).toEqual([
      'Enable-OrganizationCustomization',
      'Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true',
      'Set-OrganizationConfig -AuditDisabled $false',
      'off@fabrikam.example: AuditEnabled from False to True; AuditLogAgeLimit from 90 to 365 days',
      'trap@fabrikam.example: AuditEnabled from True to False',
      'trap@fabrikam.example: AuditEnabled from False to True; AuditLogAgeLimit from 90 to 365 days',
      'own@fabrikam.example: Audit admin + FolderBind, Move; Audit delegate + FolderBind, Move',
      'Set-MailboxAuditBypassAssociation Robot -AuditBypassEnabled $false',
      'subscriptions/start Audit.Exchange',
      'subscriptions/start Audit.SharePoint',
    ]);
    expect(world.exchange.writes).toEqual([]);
    expect(world.feed.started).toEqual([]);
    expect(world.queues.pollRequests).toEqual([]);
    expect(stepOf(done, 'verification').status).toBe('Skipped');
  });

  it('ends however short the budget of a message is', async () => {
    const world = createEnablementWorld({ budgetMs: 0 });
    world.exchange.pageSize = 1;
    makeWrong(world);
    const done = await world.run({ dryRun: true });
    expect(done.status).toBe('Succeeded');
    expect(stepOf(done, 'mailboxes').changes).toHaveLength(4);
  });

  it('says at once what is missing', async () => {
    const world = createEnablementWorld();
    world.exchange.refuse('readOrganization', refusal('fail', 'ExchangeForbidden'));
    const started = world.clock.now();
    const done = await world.run({ dryRun: true });
    expect(stepOf(done, 'customization').errorCode).toBe('ExchangeForbidden');
    expect(world.clock.now()).toEqual(started);
  });
});

describe('thousands of mailboxes', () => {
  const many = Array.from({ length: 500 }, (_, at) => mailboxNamed(`user${at}`, { auditEnabled: false }));

  it('are changed message by message, each once, and reported as a whole', async () => {
    const world = createEnablementWorld({ budgetMs: 0 });
    world.exchange.put(...many);
    const done = await world.run({ workloads: ['mailboxes'] });
    expect(done.status).toBe('Succeeded');
    expect(world.exchange.writes).toHaveLength(500);
    expect(stepOf(done, 'mailboxes')).toMatchObject({ before: { mailboxes: 500, toChange: 500 } });
    expect(stepOf(done, 'mailboxes').changes).toHaveLength(500);
  });

  it('that are all refused come to an end as well', async () => {
    const world = createEnablementWorld({ budgetMs: 0 });
    world.exchange.put(...many);
    for (const { id } of many) world.exchange.refuseMailbox(id, 'It is on hold.');
    const done = await world.run({ workloads: ['mailboxes'] });
    expect(publicEnablement(done).status).toBe('PartiallySucceeded');
    expect(stepOf(done, 'mailboxes').errorMessage?.split('\n')).toHaveLength(51);
    expect(stepOf(done, 'mailboxes').errorMessage).toMatch(/and 450 more$/);
  });
});

describe('canceling', () => {
  it('ends one that waits, at once', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    world.exchange.delays.customizationMs = hourMs;
    const { id } = await world.start(everything);
    await world.deliver();
    await world.cancel(id);
    const done = await world.read(id);
    expect(done.status).toBe('Canceled');
    expect(new Set(Object.values(statusesOf(done)))).toEqual(new Set(['Canceled']));
    const next = await world.start({ dryRun: true });
    await world.drain();
    expect((await world.read(id)).status).toBe('Canceled');
    expect((await world.read(next.id)).status).toBe('Succeeded');
  });

  it('in the middle of mailboxes stops after those in flight, and keeps the changes made', async () => {
    const world = createEnablementWorld();
    world.exchange.put(
      ...Array.from({ length: 200 }, (_, at) => mailboxNamed(`user${at}`, { auditEnabled: false })),
    );
    const { id } = await world.start({ workloads: ['mailboxes'] });
    let changes = 0;
    const faults = createFaults((step) => {
      if (step === 'exchange.changeMailboxes' && ++changes === 2) void world.cancel(id);
      return undefined;
    });
    await world.deliver(faults);
    expect((await world.read(id)).status).toBe('Canceled');
    expect(world.exchange.writes.length).toBeGreaterThan(0);
    expect(world.exchange.writes.length).toBeLessThan(200);
  });
});

it('requests that earlier versions stored stay readable, whatever actions they name', () => {
  const stored = {
    ...{ dryRun: false, workloads: ['mailboxes'], mailboxes: 'all', auditLogAgeDays: 365 },
    ...{ owner: ['Imaginary'], removeBypasses: false },
  };
  expect(enablementRequestSchema.parse(stored)).toMatchObject({ owner: ['Imaginary'], lower: false });
});

it('the schema of requests has sound defaults and refuses unknown members', () => {
  expect(requestOf()).toEqual({
    ...{ dryRun: false, workloads: ['organization', 'mailboxes', 'feed'], mailboxes: { all: true } },
    ...{ auditLogAgeDays: 365, lower: false, removeBypasses: false },
  });
  for (const wrong of [
    { mailboxes: [] },
    { mailboxes: { filter: '' } },
    { mailboxes: 'none' },
    { auditLogAgeDays: 0 },
    { owner: ['Folder Bind'] },
    { owner: ["x'; Remove-Mailbox"] },
    { workloads: [] },
    { surprise: true },
  ])
    expect(() => requestOf(wrong)).toThrow();
});
