/** Writes of entities: what each makes of what is stored, and all of a transaction or none. */
import type { RowClock } from './clock.ts';
import { etagOf } from './clock.ts';
import { checkSize, fromStored, toStored, type Columns } from './columns.ts';
import { checkKey } from './keys.ts';
import { Refusal } from './refusals.ts';
import type { Row, RowKey, RowStore } from './row-store.ts';

export interface EntityWrite {
  readonly kind: 'insert' | 'replace' | 'merge' | 'delete';
  readonly key: RowKey;
  readonly columns: Columns;
  /** An ETag, or `*` for any; without one, `replace` and `merge` also create. */
  readonly ifMatch: string | undefined;
}

export interface Written {
  readonly key: RowKey;
  readonly isDeleted: boolean;
  /** Of the entity that is now stored. */
  readonly etag: string | undefined;
}

export interface Writing {
  readonly store: RowStore;
  readonly clock: RowClock;
  readonly tableId: number;
}

/** @throws Refusal, with nothing written */
export function writeOne(writing: Writing, write: EntityWrite): Written {
  const change = changeOf(writing, write);
  writing.store.write(writing.tableId, [change]);
  return writtenOf(change);
}

/**
 * Writes all, which are of one partition and of different rows.
 * @throws Refusal that names the first that is refused, with nothing written
 */
export function writeAll(writing: Writing, writes: readonly EntityWrite[]): readonly Written[] {
  const seen = new Set<string>();
  const changes = writes.map((write, index) => {
    try {
      if (write.key.partitionKey !== writes[0]?.key.partitionKey)
        throw new Refusal('CommandsInBatchActOnDifferentPartitions');
      if (seen.has(write.key.rowKey)) throw new Refusal('InvalidDuplicateRow');
      seen.add(write.key.rowKey);
      return changeOf(writing, write);
    } catch (error) {
      throw error instanceof Refusal ? error.at(index) : error;
    }
  });
  writing.store.write(writing.tableId, changes);
  return changes.map(writtenOf);
}

function writtenOf(change: Row | RowKey): Written {
  const { partitionKey, rowKey } = change;
  const etag = 'timestamp' in change ? etagOf(change.timestamp) : undefined;
  return { key: { partitionKey, rowKey }, isDeleted: etag === undefined, etag };
}

function changeOf({ store, clock, tableId }: Writing, write: EntityWrite): Row | RowKey {
  const { kind, key, ifMatch } = write;
  checkKey(key);
  const before = store.get(tableId, key);
  if (kind === 'insert' && before !== undefined) throw new Refusal('EntityAlreadyExists');
  if (kind === 'delete' && ifMatch === undefined) throw new Refusal('MissingRequiredHeader', 'If-Match');
  if (ifMatch !== undefined) checkMatch(ifMatch, before);
  if (kind === 'delete') return key;
  const columns =
    kind === 'merge' && before !== undefined
      ? new Map([...fromStored(before.columns), ...write.columns])
      : write.columns;
  checkSize(key, columns);
  return { ...key, timestamp: clock(), columns: toStored(columns) };
}

function checkMatch(ifMatch: string, before: Row | undefined): void {
  if (before === undefined) throw new Refusal('ResourceNotFound');
  if (ifMatch !== '*' && ifMatch !== etagOf(before.timestamp))
    throw new Refusal('UpdateConditionNotSatisfied');
}
