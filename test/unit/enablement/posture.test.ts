import { describe, expect, it } from 'vitest';
import { driftOf, problemsOf, readPosture, type Posture } from '../../../shared/enablement/posture.ts';
import { createEnablementWorld, requestOf } from '../../support/enablement-world.ts';
import { mailboxNamed, trappedMailbox } from '../../support/modeled-mailbox.ts';

const sound: Posture = {
  ...{ takenAt: '2026-03-10T04:23:00.000Z', unifiedAuditLog: true, mailboxAuditingDisabled: false },
  ...{ mailboxes: { total: 3, asWanted: 3, wrong: [] }, bypasses: [], subscriptionsMissing: [] },
};
const wrongMailboxes = (...wrong: readonly string[]): Posture => ({
  ...sound,
  mailboxes: { total: 3, asWanted: 3 - wrong.length, wrong: [...wrong] },
});

describe('reading the posture', () => {
  it('covers everything that an enablement can set', async () => {
    const world = createEnablementWorld({ running: ['Audit.Exchange'] });
    const { exchange, tenant } = world;
    Object.assign(exchange.organization, { unifiedAuditLog: false, auditDisabled: true });
    const year = { auditLogAgeDays: 365 };
    exchange.put(mailboxNamed('right', year), mailboxNamed('off', { ...year, auditEnabled: false }));
    exchange.put(trappedMailbox('trap', year), mailboxNamed('short'));
    exchange.bypassed.set('id-robot', { id: 'id-robot', name: 'Robot' });
    const posture = await readPosture(world.depsOf(), tenant);
    expect(posture).toEqual({
      takenAt: world.clock.now().toISOString(),
      ...{ unifiedAuditLog: false, mailboxAuditingDisabled: true, bypasses: ['Robot'] },
      mailboxes: {
        ...{ total: 4, asWanted: 1 },
        wrong: ['off@fabrikam.example', 'short@fabrikam.example', 'trap@fabrikam.example'],
      },
      subscriptionsMissing: ['Audit.SharePoint'],
    });
    expect(problemsOf(posture)).toEqual([
      'The unified audit log is off.',
      'Mailbox auditing is off for the whole organization.',
      '3 of 4 mailboxes are not audited as wanted.',
      'What Robot does in mailboxes is not audited (bypass).',
      'There is no subscription to Audit.SharePoint.',
    ]);
  });

  it('names the first two hundred wrong mailboxes and counts the others', async () => {
    const world = createEnablementWorld();
    world.exchange.put(...Array.from({ length: 250 }, (_, at) => mailboxNamed(`user${at}`)));
    const { mailboxes } = await readPosture(world.depsOf(), world.tenant);
    expect(mailboxes).toMatchObject({ total: 250, asWanted: 0 });
    expect(mailboxes.wrong).toHaveLength(200);
  });

  it('counts the name of a missing mailbox as wrong', async () => {
    const world = createEnablementWorld();
    const { mailboxes } = await readPosture(
      world.depsOf(),
      world.tenant,
      requestOf({ mailboxes: ['unknown'] }),
    );
    expect(mailboxes).toEqual({ total: 1, asWanted: 0, wrong: ["unknown: unknown couldn't be found."] });
  });

  it('writes nothing', async () => {
    const world = createEnablementWorld();
    world.exchange.put(trappedMailbox('trap'));
    await readPosture(world.depsOf(), world.tenant);
    expect([world.exchange.writes, world.feed.started]).toEqual([[], []]);
  });
});

describe('drift', () => {
  it('is empty where nothing became worse', () => {
    const bad: Posture = { ...wrongMailboxes('a', 'b'), unifiedAuditLog: false, bypasses: ['Robot'] };
    expect(driftOf(bad, bad)).toEqual([]);
    expect(driftOf(bad, sound)).toEqual([]);
    expect(driftOf(wrongMailboxes('a', 'b'), wrongMailboxes('b'))).toEqual([]);
  });

  it('lists everything that became worse', () => {
    const after: Posture = {
      ...wrongMailboxes('a', 'b'),
      ...{ unifiedAuditLog: false, mailboxAuditingDisabled: true },
      ...{ bypasses: ['Robot', 'Scanner'], subscriptionsMissing: ['Audit.Exchange'] },
    };
    expect(driftOf({ ...wrongMailboxes('a'), bypasses: ['Robot'] }, after)).toEqual([
      'The unified audit log is off.',
      'Mailbox auditing is off for the whole organization.',
      'What Scanner does in mailboxes is not audited (bypass).',
      'There is no subscription to Audit.Exchange.',
      'The mailbox b is not audited as wanted.',
    ]);
  });

  it('is a number where more are wrong than can be named, as those new in the list may have been wrong before', () => {
    const many = (wrong: number, from: number): Posture => ({
      ...sound,
      mailboxes: {
        ...{ total: 1000, asWanted: 1000 - wrong },
        wrong: Array.from({ length: Math.min(wrong, 200) }, (_, at) => `user${from + at}`),
      },
    });
    expect(driftOf(many(300, 0), many(299, 1))).toEqual([]);
    expect(driftOf(many(300, 0), many(310, 5))).toEqual(['10 more mailboxes are not audited as wanted.']);
    expect(driftOf(many(0, 0), many(300, 0))).toEqual(['300 more mailboxes are not audited as wanted.']);
    expect(driftOf(many(300, 0), many(2, 500))).toEqual([]);
  });
});
