/** Table `Operations`: operations, the locks of exclusive kinds, and the monitor's agenda. */
import { odata, type TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import {
  isFinished,
  type OperationKey,
  type OperationKind,
  type OperationTraits,
} from '../../operations/operation.ts';
import type { OperationAgenda, OperationStore, StoredOperation } from '../../operations/operation-store.ts';
import {
  agendaEntry,
  agendaKeyOf,
  agendaRange,
  agendaRow,
  keyRangeOf,
  lockKeyOf,
  packedOperation,
  partitionKey,
  plainColumns,
  rowKeyOf,
  toOperation,
} from './operation-row.ts';
import { ifUnchanged, isWritten, pagesOf, type Tables } from './tables.ts';

export const operationTable = 'Operations';
/** Others are faster this often only when something is wrong. */
const maxAttempts = 10;

export function createOperationStore<R, S>(tables: Tables, kind: OperationKind<R, S>): OperationStore<R, S> {
  type Stored = StoredOperation<R, S>;
  const read = async (key: OperationKey): Promise<Stored | undefined> => {
    const entity = await tables.get(operationTable, partitionKey, rowKeyOf(kind, key));
    return entity && toOperation(kind, entity);
  };
  return {
    kind,
    get: read,
    async create(one, checkDateTime) {
      const stored = {
        ...one,
        etag: '',
        run: 0,
        savedBy: 0,
        handedOverBy: 0,
        cancelRequested: false,
        checkDateTime,
      };
      const row = { ...plainColumns(kind, stored), ...packedOperation(kind, stored) };
      const lock = { partitionKey, rowKey: lockKeyOf(kind, one.tenantId), id: one.id };
      const entities = [row, agendaEntry(kind, stored, checkDateTime), ...(kind.isExclusive ? [lock] : [])];
      const actions = entities.map((entity): TransactionAction => ['create', entity]);
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        if (await isWritten(() => tables.transact(operationTable, actions))) return undefined;
        if ((await read(one)) !== undefined) return undefined;
        const holder = await lockHolder(tables, lock.rowKey);
        // None: the one that was running has just finished.
        if (holder !== undefined) return holder;
      }
      throw new Error(`An operation could not be created, though no other ${kind.noun} is running.`);
    },
    async list(tenantId, top, after) {
      const filter = within(keyRangeOf(kind, tenantId, after));
      const found = await tables.all(operationTable, { filter }, top);
      return found.map((entity) => toOperation(kind, entity));
    },
    async replace(before, after) {
      const actions = replacement(kind, before, after);
      const etags = await ifUnchanged(() => tables.transact(operationTable, actions));
      if (etags === undefined) return undefined;
      const [etag] = etags;
      return etag === undefined ? await read(after) : { ...after, etag };
    },
    async remove(one) {
      const deletions = [rowKeyOf(kind, one), ...companionKeys(kind, one)].map(deletion);
      await isWritten(() => tables.transact(operationTable, deletions));
    },
  };
}

function within([from, to]: readonly [string, string]): string {
  return odata`PartitionKey eq ${partitionKey} and RowKey ge ${from} and RowKey lt ${to}`;
}

function deletion(rowKey: string): TransactionAction {
  return ['delete', { partitionKey, rowKey }];
}

/** Keys of the rows that accompany an operation's own row. */
function companionKeys(kind: OperationTraits, one: StoredOperation<unknown, unknown>): readonly string[] {
  const { checkDateTime } = one;
  const entries = checkDateTime === undefined ? [] : [agendaKeyOf(one, checkDateTime)];
  const isLocking = kind.isExclusive === true && !isFinished(one);
  return [...entries, ...(isLocking ? [lockKeyOf(kind, one.tenantId)] : [])];
}

function replacement<R, S>(
  kind: OperationKind<R, S>,
  before: StoredOperation<R, S>,
  after: StoredOperation<R, S>,
): TransactionAction[] {
  const packed = after.state === before.state ? {} : packedOperation(kind, after);
  const row = { ...plainColumns(kind, after), ...packed };
  const [old, kept] = [companionKeys(kind, before), companionKeys(kind, after)];
  const { checkDateTime } = after;
  const isMoved = checkDateTime !== undefined && checkDateTime.getTime() !== before.checkDateTime?.getTime();
  return [
    ['update', row, 'Merge', { etag: before.etag }],
    ...old.filter((key) => !kept.includes(key)).map(deletion),
    ...(isMoved ? [['create', agendaEntry(kind, after, checkDateTime)] satisfies TransactionAction] : []),
  ];
}

const lockRow = z.object({ id: z.string() });

async function lockHolder(tables: Tables, rowKey: string): Promise<string | undefined> {
  return lockRow.optional().parse(await tables.get(operationTable, partitionKey, rowKey))?.id;
}

export function createOperationAgenda(tables: Tables): OperationAgenda {
  return {
    async *due(by) {
      const query = { filter: within(agendaRange(by)) };
      for await (const page of pagesOf(tables, operationTable, query))
        for (const entity of page) yield agendaRow.parse(entity);
    },
    async drop(entry) {
      await tables.remove(operationTable, partitionKey, agendaKeyOf(entry, entry.checkDateTime));
    },
  };
}

/** Filters that match everything of a tenant but evidence. */
export function operationsOf(tenantId: string): readonly string[] {
  const agenda = odata`tenantId eq ${tenantId} and isEvidence eq false`;
  return [within([tenantId, `${tenantId}~`]), `${within(agendaRange())} and ${agenda}`];
}
