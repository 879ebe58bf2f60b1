/** The columns that a list of records can have. */

export const columnTitles = {
  time: 'Time',
  person: 'Person',
  activity: 'Activity',
  object: 'Object',
  tenant: 'Tenant',
  address: 'Address',
  service: 'Service',
  result: 'Result',
  type: 'Record type',
  site: 'Site',
  mailbox: 'Mailbox',
} as const;

export type ColumnId = keyof typeof columnTitles;

/** The member that a column shows; the tenant has none. */
const memberOfColumn: Readonly<Record<ColumnId, string | undefined>> = {
  time: 'createdDateTime',
  person: 'userId',
  activity: 'operation',
  object: 'objectId',
  tenant: undefined,
  address: 'clientIp',
  service: 'service',
  result: 'resultStatus',
  type: 'auditLogRecordType',
  site: 'siteUrl',
  mailbox: 'mailboxOwner',
};

/** The columns of a file with what these show, and the ID that finds each record again. */
export function membersOf(columns: readonly ColumnId[]): string[] {
  return [...columns.flatMap((id) => memberOfColumn[id] ?? []), 'id'];
}

/** In the order in which they are shown. */
export const columnIds = Object.keys(columnTitles).filter(isColumn);

export const defaultColumns: readonly ColumnId[] = [
  'time',
  'person',
  'activity',
  'object',
  'tenant',
  'address',
];

function isColumn(id: string): id is ColumnId {
  return Object.hasOwn(columnTitles, id);
}
