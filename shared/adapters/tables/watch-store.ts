/** Table `Watches`: a row per watch, all in one partition. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { watchSchema, type Watch, type StoredWatch, type WatchStore } from '../../detection/watch.ts';
import { binaryColumn, packed, unpacked } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, type StoredEntity, type Tables } from './tables.ts';

/** Long texts, which are small when they are packed. */
const contentSchema = watchSchema.pick({ source: true, suppressions: true, failure: true });
const columns = watchSchema
  .omit({ watchId: true, source: true, suppressions: true, failure: true })
  .extend({ content: binaryColumn });

const table = 'Watches';
const partitionKey = 'watches';

/** @param onUnreadable receives the ID of a watch that a newer release stored: the list does without it, so that records are indexed */
export function createWatchStore(
  tables: Tables,
  onUnreadable: (watchId: string) => void = () => undefined,
): WatchStore {
  const toRow = (
    { content, ...watch }: z.output<typeof columns>,
    { rowKey: watchId, etag }: StoredEntity,
  ): StoredWatch => ({ ...watch, ...unpacked(contentSchema, content), watchId, etag });
  const rows = openRows(tables, { table, columns, toRow });
  const readable = (entity: StoredEntity): readonly StoredWatch[] => {
    try {
      return [toRow(columns.parse(entity), entity)];
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      onUnreadable(entity.rowKey);
      return [];
    }
  };
  const keyOf = (rowKey: string) => ({ partitionKey, rowKey });
  const membersOf = (watch: Watch) => ({ ...watch, content: packed(z.encode(contentSchema, watch)) });
  return {
    get: (watchId) => rows.get(keyOf(watchId)),
    list: async () =>
      (await tables.all(table, { filter: odata`PartitionKey eq ${partitionKey}` })).flatMap(readable),
    async create(watch) {
      if (!(await rows.createOwn(keyOf(watch.watchId), membersOf(watch))))
        throw new Error('Another watch has this ID.');
    },
    async update(before, changes) {
      const after = { ...before, ...changes };
      const etag = await ifUnchanged(() =>
        rows.replace(keyOf(before.watchId), membersOf(after), before.etag),
      );
      return etag === undefined ? undefined : { ...after, etag };
    },
    remove: (watchId) => rows.remove(keyOf(watchId)),
  };
}
