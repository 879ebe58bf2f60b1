import { describe, expect, it } from 'vitest';
import { publicEnablement } from '../../../shared/enablement/public-enablement.ts';
import { defaultActionsOf } from '../../../shared/enablement/mailbox-actions.ts';
import { createEnablementWorld, statusesOf, stepOf } from '../../support/enablement-world.ts';
import { createFaults } from '../../support/faults.ts';
import { mailboxNamed, trappedMailbox } from '../../support/modeled-mailbox.ts';
import { makeWrong, refusal } from '../../support/wrong-world.ts';

const everything = { removeBypasses: true };
const noActions = { admin: [], delegate: [], owner: [] };

describe('a refusal', () => {
  it('of one step does not stop the others: that is partial success', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    world.exchange.refuse('enableUnifiedAuditLog', refusal('fail', 'ExchangeRefused'));
    const done = await world.run(everything);
    expect(publicEnablement(done).status).toBe('PartiallySucceeded');
    expect(statusesOf(done)).toMatchObject({ unifiedAuditLog: 'Failed', mailboxes: 'Succeeded' });
    expect(stepOf(done, 'unifiedAuditLog').errorMessage).toContain(
      'Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true',
    );
    expect(stepOf(done, 'verification')).toMatchObject({
      ...{ status: 'Failed', errorCode: 'StillWrong' },
      errorMessage: 'The unified audit log is off.',
    });
  });

  it('of every step is a failure', async () => {
    const world = createEnablementWorld();
    const refused = refusal('fail', 'AADSTS7000229');
    for (const method of [
      'readOrganization',
      'readUnifiedAuditLog',
      'listMailboxes',
      'listBypasses',
    ] as const)
      world.exchange.refuse(method, refused);
    world.feed.refuse('subscriptions', '*', refused);
    const done = await world.run();
    expect(done.status).toBe('Failed');
    expect(world.queues.matters).toMatchObject([{ topic: 'enablements', key: `enablement ${done.id}` }]);
    expect(new Set(Object.values(statusesOf(done)))).toEqual(new Set(['Failed']));
  });

  it('of some mailboxes names them, changes the others, and reports no change of theirs', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    world.exchange.refuseMailbox('id-trap', 'It is on hold.');
    const done = await world.run();
    expect(stepOf(done, 'mailboxes')).toMatchObject({
      ...{ status: 'Failed', errorCode: 'MailboxesRefused' },
      errorMessage: 'trap@fabrikam.example: It is on hold.',
      ...{ before: { toChange: 3 }, after: { mailboxes: 4, toChange: 1 } },
    });
    expect(stepOf(done, 'mailboxes').changes?.join()).not.toContain('trap@');
    expect(world.exchange.mailbox('off').auditEnabled).toBe(true);
    expect(stepOf(done, 'verification').errorMessage).toBe(
      '1 of 4 mailboxes are not audited as wanted.\ntrap@fabrikam.example',
    );
    expect(publicEnablement(done).status).toBe('PartiallySucceeded');
  });

  it('of one action names it for that mailbox, and leaves everything else of the mailbox set', async () => {
    const world = createEnablementWorld();
    world.exchange.put(trappedMailbox('trap'), mailboxNamed('anna', { auditEnabled: false }));
    world.exchange.refuseAction('SearchQueryInitiated', 'A license is missing.', 'id-trap');
    const done = await world.run({
      owner: ['MailboxLogin', 'SearchQueryInitiated'],
      nonOwner: { admin: ['Copy'] },
    });
    expect(stepOf(done, 'mailboxes')).toMatchObject({
      errorMessage: 'trap@fabrikam.example: SearchQueryInitiated (owner): A license is missing.',
      ...{ before: { mailboxes: 2, toChange: 2 }, after: { mailboxes: 2, toChange: 1 } },
    });
    const trap = world.exchange.mailbox('trap');
    expect(trap).toMatchObject({ auditEnabled: true, foundAudited: true, auditLogAgeDays: 365 });
    expect(trap.actions.admin).toContain('Copy');
    expect(trap.actions.owner).toEqual([...defaultActionsOf('owner'), 'MailboxLogin']);
    expect(world.exchange.mailbox('anna').actions.owner).toContain('SearchQueryInitiated');
    expect(stepOf(done, 'mailboxes').changes).toEqual([
      'anna@fabrikam.example: AuditEnabled from False to True; AuditLogAgeLimit from 90 to 365 days',
      'anna@fabrikam.example: Audit admin + Copy; Audit owner + MailboxLogin, SearchQueryInitiated',
      'trap@fabrikam.example: AuditEnabled from True to False',
      'trap@fabrikam.example: AuditEnabled from False to True; AuditLogAgeLimit from 90 to 365 days',
      'trap@fabrikam.example: Audit admin + Copy',
      'trap@fabrikam.example: Audit owner + MailboxLogin',
    ]);
    expect(publicEnablement(done).status).toBe('PartiallySucceeded');
  });

  it('of an action that many mailboxes lack costs two commands more for each after the first ones', async () => {
    const world = createEnablementWorld();
    const names = Array.from({ length: 200 }, (_, at) => `user${at}`);
    world.exchange.put(
      ...names.map((name) => mailboxNamed(name, { managedByMicrosoft: [], actions: noActions })),
    );
    world.exchange.refuseAction('MailItemsAccessed', 'A license is missing.');
    const done = await world.run({ workloads: ['mailboxes'] });
    const lines = stepOf(done, 'mailboxes').errorMessage?.split('\n') ?? [];
    const refused = ['admin', 'delegate', 'owner'].map((type) => `MailItemsAccessed (${type})`).join(', ');
    expect(lines[0]).toBe(`user0@fabrikam.example: ${refused}: A license is missing.`);
    for (const name of names)
      expect(world.exchange.mailbox(name)).toMatchObject({
        ...{ auditEnabled: true, auditLogAgeDays: 365 },
        actions: { owner: defaultActionsOf('owner').filter((action) => action !== 'MailItemsAccessed') },
      });
    const later = world.exchange.commands.filter(({ mailbox }) => mailbox.id === 'id-user199');
    expect(later).toHaveLength(1 + 1 + 3);
  });

  it('of the limit leaves the switch and the actions set', async () => {
    const world = createEnablementWorld();
    world.exchange.put(mailboxNamed('anna', { auditEnabled: false }));
    world.exchange.refuseChange(({ auditLogAgeDays }) => auditLogAgeDays !== undefined, 'It is too long.');
    const done = await world.run({ auditLogAgeDays: 3650, owner: ['MailboxLogin'] });
    expect(stepOf(done, 'mailboxes').errorMessage).toBe(
      'anna@fabrikam.example: AuditLogAgeLimit: It is too long.',
    );
    expect(world.exchange.mailbox('anna')).toMatchObject({ auditEnabled: true, auditLogAgeDays: 90 });
    expect(world.exchange.mailbox('anna').actions.owner).toContain('MailboxLogin');
  });

  it('to switch a mailbox on again that was switched off is not the last word', async () => {
    const world = createEnablementWorld();
    world.exchange.put(trappedMailbox('trap', { auditLogAgeDays: 365 }));
    let refusals = 1;
    world.exchange.refuseChange(({ auditEnabled }) => auditEnabled === true && refusals-- > 0, 'Not now.');
    const done = await world.run();
    expect(done.status).toBe('Succeeded');
    expect(world.exchange.mailbox('trap')).toMatchObject({ auditEnabled: true, foundAudited: true });
  });

  it('of everything of a mailbox, for one reason, is one line', async () => {
    const world = createEnablementWorld();
    world.exchange.put(mailboxNamed('anna', { auditEnabled: false }));
    world.exchange.refuseMailbox('id-anna', 'It is on hold.');
    const done = await world.run({ owner: ['MailboxLogin', 'Move'] });
    expect(stepOf(done, 'mailboxes').errorMessage).toBe('anna@fabrikam.example: It is on hold.');
    expect(world.exchange.commands).toHaveLength(4);
  });

  it('of one mailbox does not stop changes of the others', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    const done = await world.run({ workloads: ['mailboxes'], mailboxes: ['unknown', 'off', 'off'] });
    expect(stepOf(done, 'mailboxes')).toMatchObject({
      ...{ status: 'Failed', errorMessage: "unknown: unknown couldn't be found." },
      after: { mailboxes: 1, toChange: 0 },
    });
    expect(world.exchange.writes).toEqual(['Set-Mailbox id-off']);
    expect(stepOf(done, 'verification').errorMessage).toContain('1 of 2 mailboxes');
  });

  it('of one content type does not stop the others from being started and collected', async () => {
    const world = createEnablementWorld({ contentTypes: ['DLP.All', 'Audit.Exchange'] });
    world.feed.refuse('start', 'DLP.All', refusal('fail', 'AF10001'));
    const done = await world.run({ workloads: ['feed'] });
    expect(stepOf(done, 'subscriptions')).toMatchObject({
      ...{ status: 'Failed', errorCode: 'SubscriptionsRefused', after: { enabled: ['Audit.Exchange'] } },
      errorMessage: 'DLP.All: It is refused with AF10001.',
    });
    expect(world.queues.pollRequests).toHaveLength(1);
    const checkedDateTime = world.clock.now().toISOString();
    expect((await world.tenants.get(world.tenant.tenantId))?.subscriptions).toEqual([
      {
        ...{ contentType: 'DLP.All', enabled: false, checkedDateTime },
        ...{ errorCode: 'AF10001', errorMessage: 'It is refused with AF10001.' },
      },
      { contentType: 'Audit.Exchange', enabled: true, checkedDateTime },
    ]);
  });

  it('that is a defect of storage, not a refusal, is thrown, so that the message is redelivered', async () => {
    const world = createEnablementWorld();
    await world.start();
    const broken = createFaults((step) =>
      step === 'enablements.replace' ? new Error('Storage is away.') : undefined,
    );
    await expect(world.deliver(broken)).rejects.toThrow('Storage is away.');
  });
});
