/** Table `MonthLayouts`: a row per compacted month of a tenant. */
import { monthLayoutSchema, type MonthLayouts } from '../../index/segments/month-layout.ts';
import { jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { isWritten, type Tables } from './tables.ts';

const { sealed, merged, segments } = monthLayoutSchema.shape;
const columns = monthLayoutSchema.omit({ month: true }).extend({
  sealed: jsonColumn(sealed),
  merged: jsonColumn(merged),
  segments: jsonColumn(segments),
});

export function createMonthLayoutStore(tables: Tables): MonthLayouts {
  const rows = openRows(tables, {
    table: 'MonthLayouts',
    columns,
    toRow: (layout, { rowKey, etag }) => ({ ...layout, month: rowKey, etag }),
  });
  return {
    list: (tenantId) => rows.partition(tenantId),
    save(tenantId, { month, ...layout }, etag) {
      const key = { partitionKey: tenantId, rowKey: month };
      return isWritten(() =>
        etag === undefined ? rows.create(key, layout) : rows.replace(key, layout, etag),
      );
    },
    remove: (tenantId, month) => rows.remove({ partitionKey: tenantId, rowKey: month }),
  };
}
