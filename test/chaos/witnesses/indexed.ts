/** Whether records are in the index: read from storage directly, without the code that writes or queries it. */
import * as z from 'zod';
import { indexTableName, monthOf, positionKey } from '../../../shared/index/keys.ts';
import type { Published } from '../world/publisher.ts';
import type { World } from '../world/world.ts';

const recordSchema = z.looseObject({ Id: z.string(), CreationTime: z.string() });

/** The ID of a record as it was delivered. */
export const idOf = (text: string): string => recordSchema.parse(JSON.parse(text)).Id;

/** Whether all records of the content can be found by time. */
export async function isIndexed({ stored }: World, { tenantId, texts }: Published): Promise<boolean> {
  const found = await Promise.all(
    texts.map(async (text) => {
      const { Id: id, CreationTime: time } = recordSchema.parse(JSON.parse(text));
      const date = new Date(`${time}Z`);
      const table = indexTableName(tenantId, monthOf(date));
      return (await stored.tables.get(table, 'time', positionKey(date, id))) !== undefined;
    }),
  );
  return found.every(Boolean);
}
