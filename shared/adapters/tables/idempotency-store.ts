/** Table `Repeats`: requests that carried an idempotency key, and their answers. */
import * as z from 'zod';
import type { IdempotencyStore, KeptRequest } from '../../http/idempotency.ts';
import { binaryColumn, dateColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { isWritten, type Tables } from './tables.ts';

const columns = z.object({ fingerprint: z.string(), at: dateColumn, answer: binaryColumn.optional() });

export function createIdempotencyStore(tables: Tables): IdempotencyStore {
  const rows = openRows(tables, {
    table: 'Repeats',
    columns,
    toRow: (request, { etag }): KeptRequest => ({ ...request, etag }),
  });
  const hold: IdempotencyStore['hold'] = async (id, work) => {
    if (await isWritten(() => rows.create(keyOf(id), work))) return undefined;
    // Deleted between the two requests: it is free again.
    return (await rows.get(keyOf(id))) ?? (await hold(id, work));
  };
  return {
    hold,
    takeOver: (id, work, etag) => isWritten(() => rows.replace(keyOf(id), work, etag)),
    async finish(id, answer) {
      // Deleted meanwhile: the work is done nevertheless, and its answer is not kept.
      await isWritten(() => rows.merge(keyOf(id), { answer }));
    },
    forget: (id) => rows.remove(keyOf(id)),
  };
}

/** Ids are hashes, so their first digits spread them over partitions. */
function keyOf(id: string) {
  return { partitionKey: id.slice(0, 2), rowKey: id };
}
