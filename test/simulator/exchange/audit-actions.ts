/** Which mailbox actions can be audited, and which ones Microsoft audits by default. */

export const logonTypes = ['Admin', 'Delegate', 'Owner'] as const;

export type LogonType = (typeof logonTypes)[number];

export type AuditedActions = Readonly<Record<LogonType, readonly string[]>>;

/** The default audit set of a mailbox with unmodified lists; source: Microsoft's page on mailbox auditing. */
export const defaultActions: AuditedActions = {
  Admin: [
    'ApplyRecord',
    'Create',
    'HardDelete',
    'MailItemsAccessed',
    'MoveToDeletedItems',
    'Send',
    'SendAs',
    'SendOnBehalf',
    'SoftDelete',
    'Update',
    'UpdateCalendarDelegation',
    'UpdateFolderPermissions',
    'UpdateInboxRules',
  ],
  Delegate: [
    'ApplyRecord',
    'Create',
    'HardDelete',
    'MailItemsAccessed',
    'MoveToDeletedItems',
    'SendAs',
    'SendOnBehalf',
    'SoftDelete',
    'Update',
    'UpdateFolderPermissions',
    'UpdateInboxRules',
  ],
  Owner: [
    'ApplyRecord',
    'HardDelete',
    'MailItemsAccessed',
    'MoveToDeletedItems',
    'Send',
    'SoftDelete',
    'Update',
    'UpdateCalendarDelegation',
    'UpdateFolderPermissions',
    'UpdateInboxRules',
  ],
};

const optionalActions: AuditedActions = {
  Admin: ['Copy', 'FolderBind', 'Move', 'RecordDelete'],
  Delegate: ['FolderBind', 'Move', 'RecordDelete'],
  Owner: ['Create', 'MailboxLogin', 'Move', 'RecordDelete', 'SearchQueryInitiated'],
};

/** Returns the action in Exchange's spelling, or undefined if this logon type does not have it. */
export const actionNamed = (type: LogonType, text: string): string | undefined =>
  [...defaultActions[type], ...optionalActions[type]].find(
    (action) => action.toLowerCase() === text.toLowerCase(),
  );
