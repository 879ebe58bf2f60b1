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
