import { describe, expect, it } from 'vitest';
import { stepOf } from '../../support/enablement-world.ts';
import { useEnabling } from './enabling.ts';

const newTenant = useEnabling();

const unaudited = (UserMailbox: number) => ({
  exchange: { generate: { counts: { UserMailbox }, unaudited: 1 } },
});
const mailboxesOnly = { workloads: ['mailboxes'] };

describe('lists in pages', () => {
  it('are read completely', async () => {
    const tenant = await newTenant(unaudited(55));
    tenant.simulator.changeSettings({ exchangePageSize: 7 });
    const done = await tenant.run(mailboxesOnly);
    expect(stepOf(done, 'verification').after).toMatchObject({ mailboxes: { total: 55, asWanted: 55 } });
    expect(tenant.simulator.counters.snapshot().exchange.mailboxWrites.mostToOneMailbox).toBe(1);
  });

  it('whose links never work end with a text that says what to do, and no partial changes', async () => {
    const tenant = await newTenant(unaudited(15));
    tenant.simulator.changeSettings({ exchangePageSize: 10, nextLinkLifetimeMs: 0 });
    const done = await tenant.run(mailboxesOnly);
    expect(stepOf(done, 'mailboxes')).toMatchObject({ status: 'Failed', errorCode: 'ExchangePagesRefused' });
    const [first, ...lines] = stepOf(done, 'mailboxes').errorMessage?.split('\n') ?? [];
    expect(first).toBe(
      'Exchange returned 10 rows of Get-Mailbox and refused the rest: each time, the next page had expired. Name ' +
        'mailboxes or a filter that finds fewer, or do it by hand.',
    );
    expect(lines.at(-1)).toContain('Get-EXOMailbox -ResultSize Unlimited');
    expect(stepOf(done, 'bypasses').errorMessage?.split('\n')[0]).toBe(
      'Exchange returned 10 rows of Get-MailboxAuditBypassAssociation and refused the rest: each time, the next page had ' +
        'expired. Do it by hand.',
    );
    expect(tenant.simulator.counters.snapshot().exchange.writes).toBe(0);
    expect(done.status).not.toBe('Succeeded');
  });

  it('whose links never work can be avoided with filters and names', async () => {
    const tenant = await newTenant({
      exchange: { generate: { counts: { UserMailbox: 8, SharedMailbox: 8 }, unaudited: 0.5, seed: 3 } },
    });
    tenant.simulator.changeSettings({ exchangePageSize: 10, nextLinkLifetimeMs: 0 });
    const mailboxes = { filter: "RecipientTypeDetails -eq 'SharedMailbox'" };
    const done = await tenant.run({ ...mailboxesOnly, mailboxes });
    expect(stepOf(done, 'mailboxes')).toMatchObject({
      status: 'Succeeded',
      after: { mailboxes: 8, toChange: 0 },
    });
  });

  it('whose link expires now and then are read again from the start, and every mailbox is counted once', async () => {
    const tenant = await newTenant(unaudited(55));
    tenant.simulator.changeSettings({ exchangePageSize: 10 });
    const message = 'Expired or Invalid pagination request. Default Expiry time is 00:30:00';
    const effect = { kind: 'error', status: 400, code: 'BadRequest', message } as const;
    const match = { operation: 'exchange', cmdlet: 'Get-Mailbox', tenantId: tenant.tenantId } as const;
    tenant.simulator.faults.add({ match, probability: 0.15, seed: 5, effect });
    const done = await tenant.run(mailboxesOnly);
    const [fault] = tenant.simulator.faults.list();
    expect(fault?.hits).toBeGreaterThan(1);
    expect(stepOf(done, 'mailboxes').before).toEqual({ mailboxes: 55, toChange: 55 });
    expect(done.status).toBe('Succeeded');
  });
});

describe('an Exchange that is busy', () => {
  it('for single commands of batches gets them again, and each mailbox is written once', async () => {
    const tenant = await newTenant(unaudited(120));
    const match = { operation: 'exchange-item', tenantId: tenant.tenantId } as const;
    tenant.simulator.faults.add({ match, probability: 0.3, seed: 2, effect: { kind: 'throttled' } });
    const done = await tenant.run(mailboxesOnly);
    expect(done.status).toBe('Succeeded');
    expect(tenant.simulator.counters.snapshot().exchange.mailboxWrites).toEqual({
      ...{ total: 120, mailboxes: 120, mostToOneMailbox: 1 },
    });
  });

  it('with all of them delays the run, and is not reported as a refusal of mailboxes', async () => {
    const tenant = await newTenant(unaudited(12));
    const match = { operation: 'exchange-item', tenantId: tenant.tenantId } as const;
    const fault = tenant.simulator.faults.add({ match, effect: { kind: 'throttled' } });
    const { id } = await tenant.start(mailboxesOnly);
    const { messages } = await tenant.work({ work: { id } });
    expect(stepOf(await tenant.read(id), 'mailboxes')).toMatchObject({
      ...{ status: 'Waiting', errorCode: 'ExchangeBusy', errorMessage: 'Exchange is throttling requests.' },
      before: { mailboxes: 12, toChange: 12 },
    });
    expect(messages[0]?.delayMs).toBeGreaterThan(10_000);
    tenant.simulator.faults.remove(fault);
    tenant.advance(15_000);
    expect((await tenant.drain(id)).status).toBe('Succeeded');
  });

  it('for one mailbox is reported with its name, and the others are changed', async () => {
    const tenant = await newTenant(unaudited(45));
    const [first] = tenant.exchange.mailboxes();
    const match = { operation: 'exchange-item', identity: first?.guid } as const;
    const effect = {
      kind: 'error',
      status: 504,
      code: 'System.TimeoutException',
      message: 'Too slow.',
    } as const;
    tenant.simulator.faults.add({ match, effect });
    const done = await tenant.run(mailboxesOnly);
    expect(stepOf(done, 'mailboxes').errorMessage).toBe(
      `${first?.primarySmtpAddress ?? ''}: Exchange answered: Too slow.`,
    );
    expect(tenant.simulator.counters.snapshot().exchange.mailboxWrites.mailboxes).toBe(44);
  });

  it('never gets more requests at once than it allows', async () => {
    const tenant = await newTenant(unaudited(100));
    tenant.simulator.changeSettings({ exchangeConcurrency: 1 });
    const done = await tenant.run({ removeBypasses: true });
    expect(done.status).toBe('Succeeded');
    expect(tenant.reports).toHaveLength(1);
  });

  it('answers in the end although another client sends requests at the same time', async () => {
    const tenants = [await newTenant(unaudited(30)), await newTenant(unaudited(30))];
    for (const { tenantId, simulator } of tenants) {
      const match = { operation: 'exchange', tenantId } as const;
      simulator.faults.add({ match, probability: 0.2, effect: { kind: 'throttled' } });
    }
    const done = await Promise.all(tenants.map((tenant) => tenant.run(mailboxesOnly)));
    expect(done.map(({ status }) => status)).toEqual(['Succeeded', 'Succeeded']);
  });

  it('that loses answers has each mailbox written at most twice', async () => {
    const tenant = await newTenant(unaudited(200));
    const match = { operation: 'exchange', tenantId: tenant.tenantId } as const;
    tenant.simulator.faults.add({ match, probability: 0.05, effect: { kind: 'truncated-body' } });
    const done = await tenant.run(mailboxesOnly);
    expect(done.status).toBe('Succeeded');
    expect(tenant.simulator.counters.snapshot().exchange.mailboxWrites.mostToOneMailbox).toBeLessThan(4);
  });
});

describe('a sign-in that is busy', () => {
  it('delays the run, with a text that says so', { timeout: 120_000 }, async () => {
    const tenant = await newTenant();
    const effect = { kind: 'sign-in-error', aadsts: 90033 } as const;
    tenant.simulator.faults.add({ match: { operation: 'token' }, effect });
    const seen = await tenant.firstAnswer();
    expect(stepOf(seen, 'customization')).toMatchObject({
      ...{ status: 'Waiting', errorCode: 'AADSTS90033', errorMessage: 'Microsoft Entra is busy.' },
    });
  });
});
