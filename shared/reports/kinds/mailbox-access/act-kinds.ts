/** What can be done in a mailbox, and what of it is listed record by record. */
import type { Severity } from '../../document.ts';

interface ActKind {
  /** Title of its column. */
  readonly title: string;
  /** Of its records in the list of notable ones; absent: they are only counted. */
  readonly severity?: Severity;
  /** Operations of Exchange, in lower case. Absent: the record says more than the operation, or it is the rest. */
  readonly operations?: readonly string[];
}

/** In the order of columns. */
export const actKinds = {
  opened: {
    title: 'Items opened',
    operations: ['mailitemsaccessed', 'messagebind', 'folderbind', 'attachmentaccess'],
  },
  synchronized: { title: 'Folders synchronized' },
  sent: { title: 'Sent', operations: ['send'] },
  sentAs: { title: 'Sent as', severity: 'warning', operations: ['sendas'] },
  sentOnBehalf: { title: 'Sent on behalf', severity: 'warning', operations: ['sendonbehalf'] },
  deletedForGood: { title: 'Deleted for good', severity: 'warning', operations: ['harddelete'] },
  deleted: { title: 'Deleted', operations: ['softdelete', 'movetodeleteditems', 'recorddelete'] },
  changed: { title: 'Created or changed', operations: ['create', 'update', 'move', 'copy', 'applyrecord'] },
  rules: {
    title: 'Rules changed',
    severity: 'warning',
    operations: ['updateinboxrules', 'new-inboxrule', 'set-inboxrule'],
  },
  permissions: {
    title: 'Permissions changed',
    severity: 'warning',
    operations: [
      ...['addfolderpermissions', 'modifyfolderpermissions', 'removefolderpermissions'],
      ...['updatefolderpermissions', 'updatecalendardelegation'],
    ],
  },
  other: { title: 'Other' },
} as const satisfies Readonly<Record<string, ActKind>>;

export type ActKindName = keyof typeof actKinds;

const rows: Readonly<Record<ActKindName, ActKind>> = actKinds;
export const actKindNames: readonly ActKindName[] = Object.keys(actKinds).filter(isActKind);

function isActKind(name: string): name is ActKindName {
  return Object.hasOwn(actKinds, name);
}

const byOperation = new Map(
  actKindNames.flatMap((kind) =>
    (rows[kind].operations ?? []).map((operation) => [operation, kind] as const),
  ),
);

/** Without what only the record says: `synchronized` is an operation of its own in no record. */
export function kindOfOperation(operation: string): ActKindName {
  return byOperation.get(operation.trim().toLowerCase()) ?? 'other';
}

/** Undefined for kinds that are only counted. */
export function severityOfKind(kind: ActKindName): Severity | undefined {
  return rows[kind].severity;
}
