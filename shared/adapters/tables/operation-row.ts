/** Keys and columns of an operation's row. */
import * as z from 'zod';
import { invertedTime } from '../../index/keys.ts';
import {
  operationStatuses,
  isKeyedById,
  timeOfOperationId,
  type OperationKey,
  type OperationKind,
  type OperationTraits,
} from '../../operations/operation.ts';
import type { StoredOperation } from '../../operations/operation-store.ts';
import { dateColumn, packedColumns, unpackedColumns } from './columns.ts';
import { entityOf } from './rows.ts';
import type { StoredEntity } from './tables.ts';

/** Everything is in one partition, so that an operation, its lock and its agenda entry change together or not at all. */
export const partitionKey = 'operation';

type KeyKind = Pick<OperationTraits, 'name' | 'isEvidence' | 'isOfPartner'>;

/** Rows of a tenant begin with its id. Those of evidence and of the whole partner do not, so that a purge leaves them. */
function prefixOf(kind: KeyKind, tenantId: string | undefined): string {
  return isKeyedById(kind) ? kind.name : `${tenantId ?? ''}_${kind.name}`;
}

/** Newest first within a tenant and kind; made from the id alone, so that reading one is a point read. */
export function rowKeyOf(kind: KeyKind, { tenantId, id }: OperationKey): string {
  return `${prefixOf(kind, tenantId)}_${invertedTime(timeOfOperationId(id))}_${id}`;
}

/** Held by the unfinished operation of an exclusive kind. Sorts after the operations: their keys continue with a digit. */
export function lockKeyOf(kind: KeyKind, tenantId: string): string {
  return `${prefixOf(kind, tenantId)}_running`;
}

/** [from, to) of the row keys of a tenant's operations of a kind; of those that come after one of them. */
export function keyRangeOf(
  kind: KeyKind,
  tenantId: string,
  after?: string,
): readonly [from: string, to: string] {
  const from =
    after === undefined ? `${prefixOf(kind, tenantId)}_` : `${rowKeyOf(kind, { tenantId, id: after })}~`;
  return [from, lockKeyOf(kind, tenantId)];
}

/**
 * What a dry run finds in many thousand mailboxes takes several columns.
 * @throws ZodError when the request or the state does not fit its schema, Error when they are too large
 */
export function packedOperation<R, S>(kind: OperationKind<R, S>, { request, state }: StoredOperation<R, S>) {
  const columns = packedColumns({
    request: z.encode(kind.request, request),
    state: z.encode(kind.state, state),
  });
  if (columns === undefined) throw new Error(`The state of this ${kind.noun} has become too large to store.`);
  return columns;
}

const optionalText = z.string().transform((text) => (text === '' ? undefined : text));
const optionalDate = optionalText.pipe(dateColumn.optional());

const columns = z.object({
  tenantId: z.string(),
  id: z.string(),
  status: z.enum(operationStatuses),
  run: z.number(),
  savedBy: z.number(),
  handedOverBy: z.number().default(0),
  cancelRequested: z.boolean(),
  createdBy: z.string(),
  createdDateTime: dateColumn,
  lastActionDateTime: dateColumn,
  completedDateTime: optionalDate,
  expiresDateTime: optionalDate,
  checkDateTime: optionalDate,
  errorCode: optionalText,
  errorMessage: optionalText,
});

/** All columns but the packed ones. */
export function plainColumns(kind: KeyKind, one: StoredOperation<unknown, unknown>) {
  const { completedDateTime = '', expiresDateTime = '', checkDateTime = '' } = one;
  const { errorCode = '', errorMessage = '' } = one;
  // Merging cannot remove a column: an empty text stands for none.
  const optional = { completedDateTime, expiresDateTime, checkDateTime, errorCode, errorMessage };
  const key = { partitionKey, rowKey: rowKeyOf(kind, one) };
  return { ...entityOf(columns, key, { ...one, ...optional }), kind: kind.name };
}

const row = columns.extend({ etag: z.string() });

const packedSchema = z.object({ request: z.unknown(), state: z.unknown() });

/** @throws ZodError when a column, the request or the state does not fit its schema */
export function toOperation<R, S>(kind: OperationKind<R, S>, entity: StoredEntity): StoredOperation<R, S> {
  const plain = row.parse(entity);
  const { request, state } = unpackedColumns(packedSchema, entity);
  return { ...plain, request: kind.request.parse(request), state: kind.state.parse(state) };
}

/** Entries sort by time. No tenant id begins like this, as those are hexadecimal. */
const agendaPrefix = 'due_';

export function agendaKeyOf({ id }: OperationKey, due: Date): string {
  return `${agendaPrefix}${due.toISOString()}_${id}`;
}

export function agendaEntry(kind: KeyKind, one: StoredOperation<unknown, unknown>, due: Date) {
  const { tenantId, id } = one;
  const [rowKey, checkDateTime] = [agendaKeyOf(one, due), due.toISOString()];
  const isEvidence = isKeyedById(kind);
  return { partitionKey, rowKey, kind: kind.name, tenantId, id, checkDateTime, isEvidence };
}

/** [from, to) of the agenda's keys; all of them without a moment. */
export function agendaRange(by?: Date): readonly [from: string, to: string] {
  return [agendaPrefix, by === undefined ? 'due`' : `${agendaPrefix}${by.toISOString()}~`];
}

export const agendaRow = z.object({
  kind: z.string(),
  tenantId: z.string(),
  id: z.string(),
  checkDateTime: dateColumn,
});
