/** Table `Repeats`: requests that carried an idempotency key, and their answers. */
import * as z from 'zod';
import type { KeptRequest, IdempotencyStore } from '../../http/idempotency.ts';
import { binaryColumn, dateColumn } from './columns.ts';
import { ifUnchanged, type Tables } from './tables.ts';

const table = 'Repeats';

const row = z.object({
  fingerprint: z.string(),
  at: dateColumn,
  answer: binaryColumn.optional(),
  etag: z.string(),
});

/** @param tables ids are hashes, so their first digits spread them over partitions */
export function createIdempotencyStore(tables: Tables): IdempotencyStore {
  const read = async (id: string): Promise<KeptRequest | undefined> => {
    const entity = await tables.get(table, partitionOf(id), id);
    return entity === undefined ? undefined : row.parse(entity);
  };
  const hold: IdempotencyStore['hold'] = async (id, work) => {
    const written = await ifUnchanged(() =>
      tables.write(table, (client) => client.createEntity(toEntity(id, work))),
    );
    // Deleted between the two requests: it is free again.
    return written !== undefined ? undefined : ((await read(id)) ?? (await hold(id, work)));
  };
  return {
    hold,
    async takeOver(id, work, etag) {
      const entity = toEntity(id, work);
      const write = () => tables.write(table, (client) => client.updateEntity(entity, 'Replace', { etag }));
      return (await ifUnchanged(write)) !== undefined;
    },
    async finish(id, answer) {
      const entity = { partitionKey: partitionOf(id), rowKey: id, answer };
      // Deleted meanwhile: the work is done nevertheless, and its answer is not kept.
      await ifUnchanged(() => tables.write(table, (client) => client.updateEntity(entity, 'Merge')));
    },
    forget: (id) => tables.remove(table, partitionOf(id), id),
  };
}

function toEntity(id: string, { fingerprint, at }: Pick<KeptRequest, 'fingerprint' | 'at'>) {
  return { partitionKey: partitionOf(id), rowKey: id, fingerprint, at: at.toISOString() };
}

function partitionOf(id: string): string {
  return id.slice(0, 2);
}
