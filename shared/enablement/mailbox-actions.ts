/** The mailbox actions that Exchange can audit, for each logon type. */
import type { LogonType } from './exchange-admin.ts';

interface KnownActions {
  /** Microsoft's default set: audited in every mailbox whose list was never changed, as far as its license allows. */
  readonly byDefault: readonly string[];
  readonly onRequest: readonly string[];
}

/** @see https://learn.microsoft.com/purview/audit-mailboxes#mailbox-actions-for-user-mailboxes-and-shared-mailboxes */
const knownActions: Readonly<Record<LogonType, KnownActions>> = {
  admin: {
    byDefault: [
      ...['ApplyRecord', 'Create', 'HardDelete', 'MailItemsAccessed', 'MoveToDeletedItems', 'Send', 'SendAs'],
      ...['SendOnBehalf', 'SoftDelete', 'Update', 'UpdateCalendarDelegation', 'UpdateFolderPermissions'],
      'UpdateInboxRules',
    ],
    onRequest: ['Copy', 'FolderBind', 'Move', 'RecordDelete'],
  },
  delegate: {
    byDefault: [
      ...['ApplyRecord', 'Create', 'HardDelete', 'MailItemsAccessed', 'MoveToDeletedItems', 'SendAs'],
      ...['SendOnBehalf', 'SoftDelete', 'Update', 'UpdateFolderPermissions', 'UpdateInboxRules'],
    ],
    onRequest: ['FolderBind', 'Move', 'RecordDelete'],
  },
  owner: {
    byDefault: [
      ...['ApplyRecord', 'HardDelete', 'MailItemsAccessed', 'MoveToDeletedItems', 'Send', 'SoftDelete'],
      ...['Update', 'UpdateCalendarDelegation', 'UpdateFolderPermissions', 'UpdateInboxRules'],
    ],
    onRequest: ['Create', 'MailboxLogin', 'Move', 'RecordDelete', 'SearchQueryInitiated'],
  },
};

/** What Auditkeep adds to Microsoft's default set where that no longer applies: access and moves by others. */
const recommended: Readonly<Record<LogonType, readonly string[]>> = {
  admin: ['FolderBind', 'Move'],
  delegate: ['FolderBind', 'Move'],
  owner: [],
};

/** All actions that can be audited for a logon type, in alphabetical order. */
export function actionsOf(type: LogonType): readonly string[] {
  const { byDefault, onRequest } = knownActions[type];
  return [...byDefault, ...onRequest].sort();
}

/** Microsoft's default set for a logon type. */
export function defaultActionsOf(type: LogonType): readonly string[] {
  return knownActions[type].byDefault;
}

/** What to audit in a mailbox whose list Microsoft no longer manages: its default set, and what is recommended. */
export function recommendedActionsOf(type: LogonType): readonly string[] {
  return [...knownActions[type].byDefault, ...recommended[type]];
}

/** An action in Microsoft's spelling; one that is unknown for the logon type is returned as it is. */
export function spelled(type: LogonType, action: string): string {
  const key = action.toLowerCase();
  return actionsOf(type).find((known) => known.toLowerCase() === key) ?? action;
}

/** The wanted actions that are not audited, whatever their case. */
export function missingFrom(audited: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(audited.map((action) => action.toLowerCase()));
  return wanted.filter((action) => !known.has(action.toLowerCase()));
}
