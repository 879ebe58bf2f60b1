/** Table `Repeats`: requests that carried an idempotency key, and their answers. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { IdempotencyStore, KeptRequest } from '../../http/idempotency.ts';
import { binaryColumn, dateColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { isWritten, type Tables } from './tables.ts';

const columns = z.object({
  fingerprint: z.string(),
  at: dateColumn,
  answer: binaryColumn.optional(),
  /** Of the request that does the work; absent in rows of earlier releases. */
  holder: z.string().optional(),
});

interface Held extends KeptRequest {
  readonly holder?: string | undefined;
}

export function createIdempotencyStore(tables: Tables): IdempotencyStore {
  const rows = openRows(tables, {
    table: 'Repeats',
    columns,
    toRow: (request, { etag }): Held => ({ ...request, etag }),
  });
  const hold: IdempotencyStore['hold'] = async (id, work) => {
    const holder = randomUUID();
    if (await isWritten(() => rows.create(keyOf(id), { ...work, holder }))) return undefined;
    const found = await rows.get(keyOf(id));
    // This call created it, and the answer was lost.
    if (found?.holder === holder) return undefined;
    // Deleted between the two requests: it is free again.
    return found ?? (await hold(id, work));
  };
  return {
    hold,
    async takeOver(id, work, etag) {
      const holder = randomUUID();
      if (await isWritten(() => rows.replace(keyOf(id), { ...work, holder }, etag))) return true;
      return (await rows.get(keyOf(id)))?.holder === holder;
    },
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
