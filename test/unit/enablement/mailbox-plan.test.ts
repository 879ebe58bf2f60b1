import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logonTypes } from '../../../shared/enablement/exchange-admin.ts';
import { defaultActionsOf, recommendedActionsOf } from '../../../shared/enablement/mailbox-actions.ts';
import { describeChange, planMailbox, undecidedSettings } from '../../../shared/enablement/mailbox-plan.ts';
import { requestOf } from '../../support/enablement-world.ts';
import {
  afterChange,
  mailboxNamed,
  trappedMailbox,
  type ModeledMailbox,
} from '../../support/modeled-mailbox.ts';

const aYear = { auditLogAgeDays: 365 };
const plan = (mailbox: ModeledMailbox, request: unknown = {}) =>
  planMailbox(mailbox, requestOf(request), !mailbox.foundAudited);
const inWords = (mailbox: ModeledMailbox, request: unknown = {}) =>
  plan(mailbox, request).map((change) => describeChange(change, mailbox));

describe('a mailbox', () => {
  it('that is as wanted is not changed', () => {
    expect(plan(mailboxNamed('anna', aYear))).toEqual([]);
  });

  it('is switched on, with the requested retention, shown with what was found', () => {
    expect(inWords(mailboxNamed('anna', { auditEnabled: false }))).toEqual([
      'anna@fabrikam.example: AuditEnabled from False to True; AuditLogAgeLimit from 90 to 365 days',
    ]);
    expect(inWords(mailboxNamed('anna'), { auditLogAgeDays: 91 })).toEqual([
      'anna@fabrikam.example: AuditLogAgeLimit from 90 to 91 days',
    ]);
  });

  it('that keeps its log longer is as wanted: its limit is lowered only if the request says so', () => {
    const long = mailboxNamed('anna', { auditLogAgeDays: 3650 });
    expect(plan(long)).toEqual([]);
    expect(plan(long, { auditLogAgeDays: 30, lower: false })).toEqual([]);
    expect(plan({ ...long, auditEnabled: false })).toMatchObject([{ auditLogAgeDays: undefined }]);
    expect(inWords(long, { lower: true })).toEqual([
      'anna@fabrikam.example: AuditLogAgeLimit from 3650 to 365 days',
    ]);
  });

  it('whose limit has an unknown format keeps it: it may be longer', () => {
    const odd = mailboxNamed('anna', { auditLogAgeDays: undefined });
    expect(plan(odd)).toEqual([]);
    expect(undecidedSettings(odd, requestOf())).toEqual(['AuditLogAgeLimit']);
    expect(inWords(odd, { lower: true })).toEqual(['anna@fabrikam.example: AuditLogAgeLimit to 365 days']);
    expect(undecidedSettings(odd, requestOf({ lower: true }))).toEqual([]);
  });

  it('without a limit keeps its log for as long as anyone can want', () => {
    const unlimited = mailboxNamed('anna', { auditLogAgeDays: Infinity });
    expect(plan(unlimited)).toEqual([]);
    expect(undecidedSettings(unlimited, requestOf())).toEqual([]);
    expect(inWords(unlimited, { lower: true })).toEqual([
      'anna@fabrikam.example: AuditLogAgeLimit from unlimited to 365 days',
    ]);
  });

  it('that reports auditing although it is off is switched off and on again', () => {
    expect(inWords(trappedMailbox('anna'))).toEqual([
      'anna@fabrikam.example: AuditEnabled from True to False',
      'anna@fabrikam.example: AuditEnabled from False to True; AuditLogAgeLimit from 90 to 365 days',
    ]);
    expect(inWords(trappedMailbox('anna', aYear))).toHaveLength(2);
  });

  it('gets its switch and its limit first, and actions in a change of their own', () => {
    const off = mailboxNamed('anna', { auditEnabled: false });
    expect(plan(off, { owner: ['MailboxLogin'] })).toEqual([
      expect.objectContaining({ auditEnabled: true, auditLogAgeDays: 365 }),
      { mailbox: expect.anything() as unknown, addActions: { owner: ['MailboxLogin'] } },
    ]);
  });

  it('that reports no auditing is not switched off first', () => {
    expect(plan(mailboxNamed('anna', { auditEnabled: false, ...aYear }))).toMatchObject([
      { auditEnabled: true },
    ]);
  });
});

describe('audited actions', () => {
  it("stay Microsoft's where they are, as nothing else was requested", () => {
    const managed = mailboxNamed('anna', { ...aYear, actions: { admin: [], delegate: [], owner: [] } });
    expect(plan(managed)).toEqual([]);
    expect(plan(managed, { nonOwner: {} })).toEqual([]);
  });

  it("become Microsoft's default set and the recommended ones where Microsoft no longer manages them", () => {
    const [change] = plan(
      mailboxNamed('anna', { ...aYear, managedByMicrosoft: ['delegate'], actions: noActions }),
    );
    const [admin, owner] = [recommendedActionsOf('admin'), defaultActionsOf('owner')];
    expect(change?.addActions).toEqual({ admin, owner });
  });

  it('requested where Microsoft no longer manages them come with what is missing of its default set', () => {
    const left = mailboxNamed('anna', {
      ...{ ...aYear, managedByMicrosoft: ['admin', 'delegate'] },
      actions: { ...noActions, owner: defaultActionsOf('owner').slice(1) },
    });
    const [change] = plan(left, { owner: ['MailboxLogin'] });
    expect(change?.addActions).toEqual({ owner: ['ApplyRecord', 'MailboxLogin'] });
  });

  it('are only added to, whatever their case', () => {
    const audited = [...defaultActionsOf('admin').map((name) => name.toLowerCase()), 'folderbind', 'Copy'];
    const actions = { admin: audited, delegate: [], owner: ['MailboxLogin'] };
    const request = { nonOwner: { admin: ['FolderBind', 'Move'] }, owner: ['MAILBOXLOGIN'] };
    const [change] = plan(mailboxNamed('anna', { ...aYear, actions }), request);
    expect(change?.addActions).toEqual({ admin: ['Move'] });
  });

  it('are the requested ones, even where Microsoft manages the set', () => {
    const mailbox = mailboxNamed('anna', aYear);
    const [change] = plan(mailbox, { nonOwner: { delegate: ['FolderBind'] }, owner: ['MailboxLogin'] });
    expect(change?.addActions).toEqual({ delegate: ['FolderBind'], owner: ['MailboxLogin'] });
    if (change !== undefined) expect(afterChange(mailbox, change).managedByMicrosoft).toEqual(['admin']);
  });

  it('stay as they are where it cannot be read whether Microsoft manages them, unless they are requested', () => {
    const odd = mailboxNamed('anna', { ...aYear, managedByMicrosoft: undefined, actions: noActions });
    expect(plan(odd)).toEqual([]);
    expect(undecidedSettings(odd, requestOf())).toEqual(['DefaultAuditSet']);
    const nothing = { nonOwner: { admin: [], delegate: [] }, owner: [] };
    expect(undecidedSettings(odd, requestOf(nothing))).toEqual([]);
    const [change] = plan(odd, { owner: ['MailboxLogin'] });
    expect(change?.addActions).toEqual({ owner: [...defaultActionsOf('owner'), 'MailboxLogin'] });
  });

  it('requested as none are none', () => {
    const left = mailboxNamed('anna', { ...aYear, managedByMicrosoft: [], actions: noActions });
    expect(plan(left, { nonOwner: { admin: [], delegate: [] }, owner: [] })).toEqual([]);
  });
});

const noActions = { admin: [], delegate: [], owner: [] };

const action = fc.constantFrom('FolderBind', 'folderbind', 'Move', 'SendAs', 'HardDelete', 'MailboxLogin');
const actions = fc.uniqueArray(action, { maxLength: 4 });
const mailbox = fc
  .record({
    auditEnabled: fc.boolean(),
    foundAudited: fc.boolean(),
    auditLogAgeDays: fc.constantFrom(undefined, 0, 30, 90, 365, 3650, Infinity),
    actions: fc.record({ admin: actions, delegate: actions, owner: actions }),
    managedByMicrosoft: fc.option(fc.subarray([...logonTypes]), { nil: undefined }),
  })
  .map((changes) => mailboxNamed('anna', changes));
const request = fc
  .record(
    {
      auditLogAgeDays: fc.constantFrom(30, 365),
      lower: fc.boolean(),
      nonOwner: fc.record({ admin: actions, delegate: actions }, { requiredKeys: [] }),
      owner: actions,
    },
    { requiredKeys: [] },
  )
  .map((given) => requestOf(given));

describe('any plan', () => {
  it('leaves nothing to plan once carried out, and is never longer than three changes', () => {
    fc.assert(
      fc.property(mailbox, request, (before, wanted) => {
        const changes = planMailbox(before, wanted, !before.foundAudited);
        const after = changes.reduce(afterChange, before);
        expect(planMailbox(after, wanted, !after.foundAudited)).toEqual([]);
        expect(after.auditEnabled).toBe(true);
        expect(changes.length).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('shortens no log, unless the request says so, and removes no action', () => {
    fc.assert(
      fc.property(mailbox, request, (before, wanted) => {
        const changes = planMailbox(before, wanted, !before.foundAudited);
        const after = changes.reduce(afterChange, before);
        const { auditLogAgeDays: was = Infinity } = before;
        const longest = Math.max(was, wanted.auditLogAgeDays);
        expect(after.auditLogAgeDays ?? Infinity).toBe(wanted.lower ? wanted.auditLogAgeDays : longest);
        for (const type of logonTypes)
          expect(after.actions[type]).toEqual(expect.arrayContaining([...before.actions[type]]));
      }),
    );
  });

  it('interrupted after any of its changes is completed by the next plan', () => {
    fc.assert(
      fc.property(mailbox, request, fc.nat(3), (before, wanted, made) => {
        const half = planMailbox(before, wanted, !before.foundAudited)
          .slice(0, made)
          .reduce(afterChange, before);
        const after = planMailbox(half, wanted, !half.foundAudited).reduce(afterChange, half);
        expect(after.foundAudited || !before.auditEnabled).toBe(true);
        expect(planMailbox(after, wanted, !after.foundAudited)).toEqual([]);
      }),
    );
  });

  it('takes over no logon type that was not requested', () => {
    fc.assert(
      fc.property(mailbox, request, (before, wanted) => {
        const after = planMailbox(before, wanted, !before.foundAudited).reduce(afterChange, before);
        const asked = {
          admin: wanted.nonOwner?.admin,
          delegate: wanted.nonOwner?.delegate,
          owner: wanted.owner,
        };
        for (const type of before.managedByMicrosoft ?? logonTypes) {
          if (asked[type] === undefined) expect(after.actions[type]).toEqual(before.actions[type]);
        }
      }),
    );
  });
});
