/** Collects rows into full transactions: one partition of one month each, at most 100 rows. */
import type { Dimension, Month } from './keys.ts';
import { maxTransactionRows, type IndexRow } from './record-index.ts';

export interface RowTransaction {
  readonly month: Month;
  readonly dimension: Dimension;
  readonly rows: readonly IndexRow[];
}

export interface RowBuffer {
  /** Adds a row; returns a transaction when one is full or too many rows are waiting. */
  add(month: Month, dimension: Dimension, row: IndexRow): RowTransaction | undefined;
  /** All remaining rows. */
  drain(): readonly RowTransaction[];
}

/** Rows of records from many months wait in many partitions; beyond this many, the fullest is written first. */
const maxWaitingRows = 10_000;

/**
 * The body of a transaction is limited to 4 MiB, and binary grows by a third on the wire.
 * @see https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */
const maxTransactionBytes = 3.5 * 1024 * 1024;

interface Partition extends Omit<RowTransaction, 'rows'> {
  readonly rows: Map<string, IndexRow>;
  bytes: number;
}

export function createRowBuffer(): RowBuffer {
  const partitions = new Map<string, Partition>();
  let waiting = 0;
  const take = (key: string): RowTransaction | undefined => {
    const partition = partitions.get(key);
    if (partition === undefined) return undefined;
    partitions.delete(key);
    waiting -= partition.rows.size;
    const { month, dimension, rows } = partition;
    return { month, dimension, rows: [...rows.values()] };
  };
  const fullest = () => [...partitions].reduce((a, b) => (b[1].rows.size > a[1].rows.size ? b : a))[0];
  return {
    add(month, dimension, row) {
      const key = `${month}_${dimension}`;
      const bytes = wireBytes(row);
      const overflows = (partitions.get(key)?.bytes ?? 0) + bytes > maxTransactionBytes;
      const full = overflows ? take(key) : undefined;
      const partition = partitions.get(key) ?? {
        month,
        dimension,
        rows: new Map<string, IndexRow>(),
        bytes: 0,
      };
      partitions.set(key, partition);
      // A transaction must not contain a row twice; the same key means the same row.
      if (!partition.rows.has(row.rowKey)) waiting++;
      partition.rows.set(row.rowKey, row);
      partition.bytes += bytes;
      if (full !== undefined) return full;
      if (partition.rows.size >= maxTransactionRows) return take(key);
      return waiting > maxWaitingRows ? take(fullest()) : undefined;
    },
    drain: () => [...partitions.keys()].flatMap((key) => take(key) ?? []),
  };
}

function wireBytes(row: IndexRow): number {
  return 1024 + ((row.summary.length + (row.text?.length ?? 0)) * 4) / 3;
}
