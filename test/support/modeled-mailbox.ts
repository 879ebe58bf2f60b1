/** Mailboxes as Exchange treats them: what a change does to one, and the trap of one that wrongly reports auditing. */
import type { LogonType, Mailbox, MailboxChange } from '../../shared/enablement/exchange-admin.ts';
import { logonTypes } from '../../shared/enablement/exchange-admin.ts';
import { defaultActionsOf } from '../../shared/enablement/mailbox-actions.ts';

export interface ModeledMailbox extends Mailbox {
  /** What the server's own filter finds, whatever the mailbox says. */
  readonly foundAudited: boolean;
}

/** A mailbox with Microsoft's defaults, apart from the changes. */
export function mailboxNamed(name: string, changes: Partial<ModeledMailbox> = {}): ModeledMailbox {
  const auditEnabled = changes.auditEnabled ?? true;
  return {
    id: `id-${name}`,
    userPrincipalName: `${name}@fabrikam.example`,
    displayName: name,
    names: [`id-${name}`, `${name}@fabrikam.example`, name],
    kind: 'UserMailbox',
    auditEnabled,
    auditLogAgeDays: 90,
    actions: {
      admin: defaultActionsOf('admin'),
      delegate: defaultActionsOf('delegate'),
      owner: defaultActionsOf('owner'),
    },
    managedByMicrosoft: logonTypes,
    foundAudited: auditEnabled,
    ...changes,
  };
}

/** One that says it is audited and is not. */
export function trappedMailbox(name: string, changes: Partial<ModeledMailbox> = {}): ModeledMailbox {
  return mailboxNamed(name, { auditEnabled: true, foundAudited: false, ...changes });
}

/** Setting the current value changes nothing; naming actions ends management by Microsoft. */
export function afterChange(mailbox: ModeledMailbox, change: MailboxChange): ModeledMailbox {
  const { auditEnabled = mailbox.auditEnabled, auditLogAgeDays, addActions = {} } = change;
  const switched = auditEnabled !== mailbox.auditEnabled;
  const actionsOf = (type: LogonType) => [
    ...new Set([...mailbox.actions[type], ...(addActions[type] ?? [])]),
  ];
  return {
    ...mailbox,
    auditEnabled,
    foundAudited: switched ? auditEnabled : mailbox.foundAudited,
    auditLogAgeDays: auditLogAgeDays ?? mailbox.auditLogAgeDays,
    actions: { admin: actionsOf('admin'), delegate: actionsOf('delegate'), owner: actionsOf('owner') },
    managedByMicrosoft: mailbox.managedByMicrosoft?.filter((type) => addActions[type] === undefined),
  };
}
