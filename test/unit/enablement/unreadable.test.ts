/** What Exchange returns in an unknown form holds back nothing else, and is never taken for something done or in order. */
import { describe, expect, it } from 'vitest';
import { checkPosture } from '../../../shared/enablement/check-posture.ts';
import { defaultActionsOf } from '../../../shared/enablement/mailbox-actions.ts';
import { driftOf, problemsOf, readPosture } from '../../../shared/enablement/posture.ts';
import { createEnablementWorld, stepOf, type EnablementWorld } from '../../support/enablement-world.ts';
import { mailboxNamed } from '../../support/modeled-mailbox.ts';

const year = { auditLogAgeDays: 365 };
const rowProblem = '1 row of mailboxes cannot be read, because Exchange returned it in an unknown form.';

function withOddRows(odd: Partial<EnablementWorld['exchange']['odd']>) {
  const world = createEnablementWorld({ running: ['Audit.Exchange', 'Audit.SharePoint'], repairDrift: true });
  Object.assign(world.exchange.odd, odd);
  return world;
}

async function check(world: EnablementWorld) {
  await checkPosture(world.depsOf(), { ...world.tenant, etag: '', leasedUntil: undefined });
}

describe('a row of mailboxes that cannot be read', () => {
  it('holds back no change of the others, and fails the step', async () => {
    const world = withOddRows({ mailboxes: 1 });
    world.exchange.put(mailboxNamed('anna'), mailboxNamed('bo', { ...year, auditEnabled: false }));
    const done = await world.run();
    expect(stepOf(done, 'mailboxes')).toMatchObject({
      ...{ status: 'Failed', errorCode: 'MailboxesUnreadable', errorMessage: rowProblem },
      ...{ before: { mailboxes: 2, toChange: 2, unreadable: 1 }, after: { toChange: 0, unreadable: 1 } },
    });
    expect(world.exchange.mailbox('anna')).toMatchObject(year);
    expect(world.exchange.mailbox('bo')).toMatchObject({ auditEnabled: true });
    expect(stepOf(done, 'verification')).toMatchObject({
      ...{ status: 'Failed', errorCode: 'StillWrong', errorMessage: rowProblem },
    });
  });

  it('is named together with what Exchange refused', async () => {
    const world = withOddRows({ mailboxes: 2 });
    world.exchange.put(mailboxNamed('anna'));
    world.exchange.refuseMailbox('id-anna', 'It is on hold.');
    const { errorCode, errorMessage } = stepOf(await world.run(), 'mailboxes');
    expect(errorCode).toBe('MailboxesRefused');
    expect(errorMessage).toBe(
      'anna@fabrikam.example: AuditLogAgeLimit: It is on hold.\n' +
        '2 rows of mailboxes cannot be read, because Exchange returned them in an unknown form.',
    );
  });

  it('fails a dry run too, which shows the changes of the others', async () => {
    const world = withOddRows({ mailboxes: 1 });
    world.exchange.put(mailboxNamed('anna'));
    const step = stepOf(await world.run({ dryRun: true }), 'mailboxes');
    expect(step).toMatchObject({ status: 'Failed', errorMessage: rowProblem });
    expect(step.changes).toHaveLength(1);
  });

  it('is named by the posture, which keeps everything else, and counts as not fully audited', async () => {
    const world = withOddRows({ mailboxes: 1 });
    world.exchange.put(mailboxNamed('anna', year), mailboxNamed('bo'));
    const posture = await readPosture(world.depsOf(), world.tenant);
    expect(posture.mailboxes).toMatchObject({
      ...{ total: 3, asWanted: 1, unknown: 1, wrong: ['bo@fabrikam.example'] },
      unreadable: [{ what: 'row', total: 1, mailboxes: [] }],
    });
    expect(problemsOf(posture)).toEqual(['1 of 3 mailboxes are not audited as wanted.', rowProblem]);
  });

  it('starts no repair: an enablement cannot correct it', async () => {
    const world = withOddRows({ mailboxes: 1, bypasses: 1 });
    world.exchange.put(mailboxNamed('anna', year));
    await check(world);
    expect(world.telemetry.of('operations.operation.started')).toEqual([]);
    world.exchange.put(mailboxNamed('bo'));
    await check(world);
    expect(world.telemetry.of('operations.operation.started')).toHaveLength(1);
  });

  it('is drift when there are more than before', async () => {
    const world = withOddRows({ mailboxes: 1, bypasses: 1 });
    const few = await readPosture(world.depsOf(), world.tenant);
    Object.assign(world.exchange.odd, { mailboxes: 3, bypasses: 2 });
    const many = await readPosture(world.depsOf(), world.tenant);
    expect(driftOf(few, many)).toEqual([
      'Exchange returned more about mailboxes in an unknown form (2).',
      'Exchange returned more bypasses in an unknown form (1).',
    ]);
    expect(driftOf(many, few)).toEqual([]);
  });
});

describe('a setting of a mailbox that cannot be read', () => {
  const ageProblem =
    'AuditLogAgeLimit of 1 mailbox cannot be read, so an enablement leaves it as it is: anna@fabrikam.example.';

  it('is left alone, everything else is set, and the step names the mailbox and fails', async () => {
    const world = withOddRows({});
    world.exchange.put(mailboxNamed('anna', { auditLogAgeDays: undefined, auditEnabled: false }));
    const done = await world.run();
    expect(stepOf(done, 'mailboxes')).toMatchObject({
      ...{ status: 'Failed', errorCode: 'MailboxesUnreadable', errorMessage: ageProblem },
      changes: ['anna@fabrikam.example: AuditEnabled from False to True'],
    });
    expect(world.exchange.mailbox('anna')).toMatchObject({ auditEnabled: true, auditLogAgeDays: undefined });
    expect(stepOf(done, 'verification').errorMessage).toBe(ageProblem);
  });

  it('is set where the request lowers limits, so that nothing is undecided', async () => {
    const world = withOddRows({});
    world.exchange.put(mailboxNamed('anna', { auditLogAgeDays: undefined }));
    expect((await world.run({ lower: true })).status).toBe('Succeeded');
    expect(world.exchange.mailbox('anna')).toMatchObject(year);
  });

  it('is named by the posture; the mailbox counts as not fully audited, once, and starts no repair', async () => {
    const world = withOddRows({});
    const odd = { auditLogAgeDays: undefined, managedByMicrosoft: undefined };
    world.exchange.put(mailboxNamed('whole', year), mailboxNamed('odd', odd));
    world.exchange.put(mailboxNamed('set', { ...year, managedByMicrosoft: undefined }));
    await check(world);
    const [posture] = await world.postures.list(world.tenant.tenantId, 1);
    expect(posture?.mailboxes).toMatchObject({
      ...{ total: 3, asWanted: 1, unknown: 2, wrong: [] },
      unreadable: [
        { what: 'AuditLogAgeLimit', total: 1, mailboxes: ['odd@fabrikam.example'] },
        { what: 'DefaultAuditSet', total: 2, mailboxes: ['odd@fabrikam.example', 'set@fabrikam.example'] },
      ],
    });
    expect(posture && problemsOf(posture)).toEqual([
      'AuditLogAgeLimit of 1 mailbox cannot be read, so an enablement leaves it as it is: odd@fabrikam.example.',
      'DefaultAuditSet of 2 mailboxes cannot be read, so an enablement adds only actions that it names: ' +
        'odd@fabrikam.example, set@fabrikam.example.',
    ]);
    expect(world.telemetry.of('operations.operation.started')).toEqual([]);
  });

  it('does not hide what is wrong with the mailbox', async () => {
    const world = withOddRows({});
    world.exchange.put(mailboxNamed('anna', { auditLogAgeDays: undefined, auditEnabled: false }));
    const { mailboxes } = await readPosture(world.depsOf(), world.tenant);
    expect(mailboxes).toMatchObject({ asWanted: 0, unknown: 0, wrong: ['anna@fabrikam.example'] });
    expect(mailboxes.unreadable).toHaveLength(1);
  });

  it('leaves open why a mailbox lacks actions of the default set', async () => {
    const world = withOddRows({});
    const actions = { ...mailboxNamed('x').actions, owner: defaultActionsOf('owner').slice(1) };
    world.exchange.put(mailboxNamed('anna', { ...year, managedByMicrosoft: undefined, actions }));
    const posture = await readPosture(world.depsOf(), world.tenant);
    expect(posture.mailboxes.lackingDefaults).toMatchObject([{ logonType: 'owner', total: 1 }]);
    expect(posture.mailboxes.lackingDefaults?.[0]).not.toHaveProperty('managedByMicrosoft');
    expect(problemsOf(posture)[0]).toBe(
      "A mailbox does not audit ApplyRecord (owner) of Microsoft's default set: anna@fabrikam.example. " +
        'It cannot be read whether Microsoft manages the list: an enablement leaves it alone unless it names actions.',
    );
  });
});

describe('a row of bypasses that cannot be read', () => {
  const problem = '1 row of bypasses cannot be read, because Exchange returned it in an unknown form.';
  const bypassed = () => {
    const world = withOddRows({ bypasses: 1 });
    world.exchange.bypassed.set('id-robot', { id: 'id-robot', name: 'Robot' });
    return world;
  };

  it('holds back the removal of no other, and fails the step', async () => {
    const world = bypassed();
    const done = await world.run({ removeBypasses: true });
    expect(world.exchange.bypassed.size).toBe(0);
    expect(stepOf(done, 'bypasses')).toMatchObject({
      ...{ status: 'Failed', errorCode: 'BypassesUnreadable', errorMessage: problem },
      ...{ before: { bypasses: ['Robot'], unreadable: 1 }, after: { bypasses: [], unreadable: 1 } },
    });
    expect(stepOf(done, 'verification').errorMessage).toBe(problem);
  });

  it('fails the step where there is no other', async () => {
    const world = withOddRows({ bypasses: 1 });
    const done = await world.run({ removeBypasses: true });
    expect(stepOf(done, 'bypasses')).toMatchObject({ status: 'Failed', errorMessage: problem });
  });

  it('is only shown where no removal was requested', async () => {
    const done = await bypassed().run();
    expect(stepOf(done, 'bypasses')).toMatchObject({
      ...{ status: 'AlreadyDone', after: { bypasses: ['Robot'], unreadable: 1 } },
    });
    expect(stepOf(done, 'verification').status).toBe('Succeeded');
  });

  it('is named by the posture', async () => {
    const world = bypassed();
    const posture = await readPosture(world.depsOf(), world.tenant);
    expect(posture).toMatchObject({ bypasses: ['Robot'], unreadableBypasses: 1 });
    expect(problemsOf(posture)).toEqual(['What Robot does in mailboxes is not audited (bypass).', problem]);
  });
});
