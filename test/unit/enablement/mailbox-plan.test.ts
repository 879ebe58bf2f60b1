import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recommendedNonOwnerActions } from '../../../shared/enablement/enablement.ts';
import { logonTypes } from '../../../shared/enablement/exchange-admin.ts';
import { describeChange, planMailbox } from '../../../shared/enablement/mailbox-plan.ts';
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
  plan(mailbox, request).map(describeChange);

describe('a mailbox', () => {
  it('that is as wanted is not changed', () => {
    expect(plan(mailboxNamed('anna', aYear))).toEqual([]);
  });

  it('is switched on, with the requested retention', () => {
    expect(inWords(mailboxNamed('anna', { auditEnabled: false }))).toEqual([
      'anna@fabrikam.example: AuditEnabled True; AuditLogAgeLimit 365 days',
    ]);
    expect(inWords(mailboxNamed('anna', aYear), { auditLogAgeDays: 30 })).toEqual([
      'anna@fabrikam.example: AuditLogAgeLimit 30 days',
    ]);
  });

  it('that reports auditing although it is off is switched off and on again, with everything else in the second change', () => {
    expect(inWords(trappedMailbox('anna'))).toEqual([
      'anna@fabrikam.example: AuditEnabled False',
      'anna@fabrikam.example: AuditEnabled True; AuditLogAgeLimit 365 days',
    ]);
    expect(inWords(trappedMailbox('anna', aYear))).toHaveLength(2);
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

  it("become the recommended ones where Microsoft no longer manages them, except the owner's", () => {
    const [change] = plan(
      mailboxNamed('anna', { ...aYear, managedByMicrosoft: ['delegate'], actions: noActions }),
    );
    expect(change?.addActions).toEqual({ admin: recommendedNonOwnerActions });
  });

  it('are only added to, whatever their case', () => {
    const actions = { admin: ['folderbind', 'SendAs', 'Copy'], delegate: [], owner: ['MailboxLogin'] };
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
    auditLogAgeDays: fc.constantFrom(0, 30, 90, 365),
    actions: fc.record({ admin: actions, delegate: actions, owner: actions }),
    managedByMicrosoft: fc.subarray([...logonTypes]),
  })
  .map((changes) => mailboxNamed('anna', changes));
const request = fc
  .record(
    {
      auditLogAgeDays: fc.constantFrom(30, 365),
      nonOwner: fc.record({ admin: actions, delegate: actions }, { requiredKeys: [] }),
      owner: actions,
    },
    { requiredKeys: [] },
  )
  .map((given) => requestOf(given));

describe('any plan', () => {
  it('leaves nothing to plan once carried out, and is never longer than two changes', () => {
    fc.assert(
      fc.property(mailbox, request, (before, wanted) => {
        const changes = planMailbox(before, wanted, !before.foundAudited);
        const after = changes.reduce(afterChange, before);
        expect(planMailbox(after, wanted, !after.foundAudited)).toEqual([]);
        expect(after).toMatchObject({ auditEnabled: true, auditLogAgeDays: wanted.auditLogAgeDays });
        expect(changes.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('interrupted after its first change is completed by the next plan', () => {
    fc.assert(
      fc.property(mailbox, request, (before, wanted) => {
        const [first] = planMailbox(before, wanted, !before.foundAudited);
        const half = first === undefined ? before : afterChange(before, first);
        const after = planMailbox(half, wanted, !half.foundAudited).reduce(afterChange, half);
        expect(after.foundAudited || !before.auditEnabled).toBe(true);
        expect(planMailbox(after, wanted, !after.foundAudited)).toEqual([]);
      }),
    );
  });

  it('takes over no logon type that was not requested, and removes no action', () => {
    fc.assert(
      fc.property(mailbox, request, (before, wanted) => {
        const after = planMailbox(before, wanted, !before.foundAudited).reduce(afterChange, before);
        const asked = {
          admin: wanted.nonOwner?.admin,
          delegate: wanted.nonOwner?.delegate,
          owner: wanted.owner,
        };
        for (const type of before.managedByMicrosoft) {
          if (asked[type] === undefined) expect(after.managedByMicrosoft).toContain(type);
        }
        for (const type of logonTypes)
          expect(after.actions[type]).toEqual(expect.arrayContaining([...before.actions[type]]));
      }),
    );
  });
});
