/**
 * Table `Cursors`: how far destinations have got, a row per destination in the partition of each tenant, so that a purge of
 * the tenant finds them.
 */
import { odata } from '@azure/data-tables';
import type * as z from 'zod';
import { cursorSchema, type Cursor, type CursorStore, type StoredCursor } from '../../destinations/cursor.ts';
import { leaseSchema } from '../../deliveries/lease.ts';
import { jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, pagesOf, type StoredEntity, type Tables } from './tables.ts';

const { position, pendingTo, suspects, counts } = cursorSchema.shape;

const columns = cursorSchema.omit({ tenantId: true, destinationId: true }).extend({
  position: jsonColumn(position),
  pendingTo: jsonColumn(pendingTo.unwrap()).optional(),
  counts: jsonColumn(counts),
  suspects: jsonColumn(suspects.unwrap()).optional(),
  lease: jsonColumn(leaseSchema).optional(),
});

const table = 'Cursors';

export function createCursorStore(tables: Tables): CursorStore {
  const rows = openRows(tables, { table, columns, toRow: toCursor });
  return {
    get: (tenantId, destinationId) => rows.get(keyOf({ tenantId, destinationId })),
    async create(cursor) {
      const etag = await ifUnchanged(() => rows.create(keyOf(cursor), cursor));
      return etag === undefined ? undefined : { ...cursor, etag };
    },
    async update(before, changes) {
      const after = { ...before, ...changes };
      const etag = await ifUnchanged(() => rows.replace(keyOf(before), after, before.etag));
      return etag === undefined ? undefined : { ...after, etag };
    },
    async *listOf(destinationId) {
      const filter = odata`RowKey eq ${destinationId}`;
      for await (const page of pagesOf(tables, table, { filter }))
        yield page.map((entity) => toCursor(columns.parse(entity), entity));
    },
    remove: (tenantId, destinationId) => rows.remove(keyOf({ tenantId, destinationId })),
  };
}

function toCursor(
  cursor: z.output<typeof columns>,
  { partitionKey, rowKey, etag }: StoredEntity,
): StoredCursor {
  return { ...cursor, tenantId: partitionKey, destinationId: rowKey, etag };
}

function keyOf({ tenantId, destinationId }: Pick<Cursor, 'tenantId' | 'destinationId'>) {
  return { partitionKey: tenantId, rowKey: destinationId };
}
