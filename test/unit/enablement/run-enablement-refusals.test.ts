import { describe, expect, it } from 'vitest';
import { publicEnablement } from '../../../shared/enablement/public-enablement.ts';
import { createEnablementWorld, statusesOf, stepOf } from '../../support/enablement-world.ts';
import { createFaults } from '../../support/faults.ts';
import { trappedMailbox } from '../../support/modeled-mailbox.ts';
import { makeWrong, refusal } from '../../support/wrong-world.ts';

const everything = { removeBypasses: true };

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

  it('of the second change leaves the mailbox switched on', async () => {
    const world = createEnablementWorld();
    world.exchange.put(trappedMailbox('trap'));
    world.exchange.refuseAction('Nonsense', 'Nonsense is not an action.');
    const done = await world.run({ nonOwner: { admin: ['Nonsense'] } });
    expect(stepOf(done, 'mailboxes').errorMessage).toContain(
      'trap@fabrikam.example: Nonsense is not an action.',
    );
    expect(world.exchange.mailbox('trap')).toMatchObject({ auditEnabled: true, foundAudited: true });
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
    expect((await world.tenants.get(world.tenant.tenantId))?.subscriptions).toEqual([
      { contentType: 'DLP.All', enabled: false },
      { contentType: 'Audit.Exchange', enabled: true },
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
