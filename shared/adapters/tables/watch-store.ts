/** Table `Watches`: a row per watch, all in one partition. */
import * as z from 'zod';
import { watchSchema, type Watch, type StoredWatch, type WatchStore } from '../../detection/watch.ts';
import { binaryColumn, packed, unpacked } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, type Tables } from './tables.ts';

/** Long texts, which are small when they are packed. */
const contentSchema = watchSchema.pick({ source: true, suppressions: true, failure: true });
const columns = watchSchema
  .omit({ watchId: true, source: true, suppressions: true, failure: true })
  .extend({ content: binaryColumn });

const partitionKey = 'watches';

export function createWatchStore(tables: Tables): WatchStore {
  const rows = openRows(tables, {
    table: 'Watches',
    columns,
    toRow: ({ content, ...watch }, { rowKey, etag }): StoredWatch => ({
      ...watch,
      ...unpacked(contentSchema, content),
      watchId: rowKey,
      etag,
    }),
  });
  const keyOf = (rowKey: string) => ({ partitionKey, rowKey });
  const membersOf = (watch: Watch) => ({ ...watch, content: packed(z.encode(contentSchema, watch)) });
  return {
    get: (watchId) => rows.get(keyOf(watchId)),
    list: () => rows.partition(partitionKey),
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
