import { describe, expect, it } from 'vitest';
import { checkPosture } from '../../../shared/enablement/check-posture.ts';
import { defaultActionsOf } from '../../../shared/enablement/mailbox-actions.ts';
import {
  driftOf,
  postureSchema,
  problemsOf,
  readPosture,
  type Posture,
} from '../../../shared/enablement/posture.ts';
import { createEnablementWorld, requestOf } from '../../support/enablement-world.ts';
import { mailboxNamed, trappedMailbox, type ModeledMailbox } from '../../support/modeled-mailbox.ts';
import { refusal } from '../../support/wrong-world.ts';

const groupMailboxes = {
  kind: 'GroupMailbox',
  reason: 'Microsoft audits the mailboxes of Microsoft 365 groups and manages what is audited.',
};
const publicFolders = {
  kind: 'PublicFolderMailbox',
  reason: 'Exchange does not audit mailboxes of public folders.',
};
const year = { auditLogAgeDays: 365 };

/** As earlier versions stored it. */
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
    exchange.put(mailboxNamed('right', year), mailboxNamed('off', { ...year, auditEnabled: false }));
    exchange.put(trappedMailbox('trap', year), mailboxNamed('short'));
    exchange.bypassed.set('id-robot', { id: 'id-robot', name: 'Robot' });
    const posture = await readPosture(world.depsOf(), tenant);
    expect(posture).toEqual({
      takenAt: world.clock.now().toISOString(),
      ...{
        unifiedAuditLog: false,
        mailboxAuditingDisabled: true,
        bypasses: ['Robot'],
        unreadableBypasses: 0,
      },
      mailboxes: {
        ...{ total: 4, asWanted: 1, unknown: 0, unreadable: [] },
        wrong: ['off@fabrikam.example', 'short@fabrikam.example', 'trap@fabrikam.example'],
        lackingDefaults: [],
        leftOut: [groupMailboxes, publicFolders],
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
    expect(mailboxes).toMatchObject({
      ...{ total: 1, asWanted: 0, wrong: ["unknown: unknown couldn't be found."] },
    });
  });

  it('writes nothing', async () => {
    const world = createEnablementWorld();
    world.exchange.put(trappedMailbox('trap'));
    await readPosture(world.depsOf(), world.tenant);
    expect([world.exchange.writes, world.feed.started]).toEqual([[], []]);
  });
});

describe('mailboxes that lack actions of the default set of Microsoft', () => {
  const without =
    (...names: readonly string[]) =>
    (name: string, changes: Partial<ModeledMailbox> = {}) =>
      mailboxNamed(name, {
        ...year,
        actions: {
          ...{ admin: defaultActionsOf('admin'), delegate: defaultActionsOf('delegate') },
          owner: defaultActionsOf('owner').filter((action) => !names.includes(action)),
        },
        ...changes,
      });

  it('are named, by logon type, with what they lack; those that left its management are wrong', async () => {
    const world = createEnablementWorld();
    const cut = { managedByMicrosoft: ['admin', 'delegate'] } as const;
    world.exchange.put(without('HardDelete', 'Send')('ben', cut), without('HardDelete', 'Send')('anna', cut));
    world.exchange.put(without('Send')('carl'), mailboxNamed('whole', year));
    const posture = await readPosture(world.depsOf(), world.tenant);
    expect(posture.mailboxes).toMatchObject({
      ...{ total: 4, asWanted: 2, wrong: ['anna@fabrikam.example', 'ben@fabrikam.example'] },
      lackingDefaults: [
        {
          ...{ logonType: 'owner', actions: ['HardDelete', 'Send'], managedByMicrosoft: false, total: 2 },
          mailboxes: ['anna@fabrikam.example', 'ben@fabrikam.example'],
        },
        {
          ...{ logonType: 'owner', actions: ['Send'], managedByMicrosoft: true, total: 1 },
          mailboxes: ['carl@fabrikam.example'],
        },
      ],
    });
    expect(problemsOf(posture)).toEqual(
      expect.arrayContaining([
        '2 of 4 mailboxes are not audited as wanted.',
        "2 mailboxes do not audit HardDelete, Send (owner) of Microsoft's default set: anna@fabrikam.example, " +
          'ben@fabrikam.example. Start an enablement.',
        "A mailbox does not audit Send (owner) of Microsoft's default set: carl@fabrikam.example. The list is the " +
          'one that Microsoft manages: check the licenses.',
      ]),
    );
  });

  it('do so no longer after an enablement, unless a license is missing, which fails no enablement', async () => {
    const world = createEnablementWorld({ repairDrift: true });
    world.exchange.put(without('HardDelete')('anna', { managedByMicrosoft: [] }), without('Send')('carl'));
    expect((await world.run()).status).toBe('Succeeded');
    const [posture] = await world.postures.list(world.tenant.tenantId, 1);
    expect(posture?.mailboxes).toMatchObject({ asWanted: 2, lackingDefaults: [{ actions: ['Send'] }] });
    await checkPosture(world.depsOf(), { ...world.tenant, etag: '', leasedUntil: undefined });
    expect(world.telemetry.of('operations.operation.started')).toHaveLength(1);
  });

  it('are named up to two hundred, in up to fifty groups, and counted beyond', async () => {
    const world = createEnablementWorld();
    for (let at = 0; at < 300; at++) world.exchange.put(without('Send')(`user${at}`));
    const lacking = defaultActionsOf('admin').flatMap((one, at) =>
      defaultActionsOf('admin')
        .slice(at + 1)
        .map((other) => [one, other]),
    );
    lacking.forEach((names, at) => {
      const admin = defaultActionsOf('admin').filter((action) => !names.includes(action));
      world.exchange.put(without()(`odd${at}`, { actions: { ...mailboxNamed('x').actions, admin } }));
    });
    const { mailboxes } = await readPosture(world.depsOf(), world.tenant);
    const groups = mailboxes.lackingDefaults ?? [];
    expect(groups).toHaveLength(50);
    expect(groups[0]).toMatchObject({ total: 300, actions: ['Send'] });
    expect(groups.flatMap((group) => group.mailboxes)).toHaveLength(200);
  });
});

describe('mailboxes that are left out', () => {
  it('are listed by kind, counted as far as Exchange lists them, with the reason', async () => {
    const world = createEnablementWorld();
    world.exchange.put(mailboxNamed('search', { kind: 'DiscoveryMailbox', auditEnabled: false }));
    world.exchange.put(
      mailboxNamed('room', { ...year, kind: 'RoomMailbox' }),
      mailboxNamed('odd', { kind: 'TeamMailbox' }),
    );
    const { mailboxes } = await readPosture(world.depsOf(), world.tenant);
    expect(mailboxes).toMatchObject({ total: 1, asWanted: 1 });
    expect(mailboxes.leftOut).toEqual([
      {
        ...{ kind: 'DiscoveryMailbox', total: 1 },
        reason: 'Exchange does not audit discovery mailboxes, which hold results of searches.',
      },
      {
        ...{ kind: 'TeamMailbox', total: 1 },
        reason: expect.stringMatching(
          /^Auditkeep does not know whether Exchange audits this kind\./,
        ) as unknown,
      },
      ...[groupMailboxes, publicFolders],
    ]);
  });

  it('are listed without numbers when Exchange refuses to count them', async () => {
    const world = createEnablementWorld();
    world.exchange.refuse('countOtherMailboxes', refusal('fail', 'ExchangeRefused'));
    const { mailboxes } = await readPosture(world.depsOf(), world.tenant);
    expect(mailboxes.leftOut).toEqual([groupMailboxes, publicFolders]);
  });
});

it('a posture of an earlier version stays readable', () => {
  expect(postureSchema.parse(sound)).toEqual(sound);
});

describe('drift', () => {
  const lacking = (managedByMicrosoft: boolean, ...mailboxes: string[]) => ({
    lackingDefaults: [
      {
        ...{ logonType: 'owner' as const, actions: ['Send'], managedByMicrosoft },
        ...{ total: mailboxes.length, mailboxes },
      },
    ],
  });

  it("after an upgrade is not what earlier versions did not compare with Microsoft's default set", () => {
    const { mailboxes, ...after } = wrongMailboxes('a', 'b');
    const upgraded: Posture = { ...after, mailboxes: { ...mailboxes, ...lacking(false, 'a') } };
    expect(driftOf(sound, upgraded)).toEqual(['The mailbox b is not audited as wanted.']);
  });

  it('is a license that was taken away, and none that was given', () => {
    const unlicensed = (...names: string[]): Posture => ({
      ...sound,
      mailboxes: { ...sound.mailboxes, ...lacking(true, ...names) },
    });
    expect(driftOf(unlicensed('a'), unlicensed('a', 'b', 'c'))).toEqual([
      "Mailboxes audit 2 fewer actions of Microsoft's default set. Check their licenses.",
    ]);
    expect(driftOf(unlicensed('a', 'b', 'c'), unlicensed('a'))).toEqual([]);
  });

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
