/** Table `Postures`: the state of auditing, one row a tenant and day. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { postureSchema, type PostureStore } from '../../enablement/posture.ts';
import { binaryColumn, packed, unpacked } from './columns.ts';
import { openRows } from './rows.ts';
import type { Tables } from './tables.ts';

export function createPostureStore(tables: Tables): PostureStore {
  const rows = openRows(tables, {
    table: 'Postures',
    columns: z.object({ posture: binaryColumn }),
    toRow: ({ posture }) => unpacked(postureSchema, posture),
  });
  return {
    async save(tenantId, posture) {
      const rowKey = keyOf(new Date(posture.takenAt));
      await rows.put({ partitionKey: tenantId, rowKey }, { posture: packed(posture) });
    },
    list: (tenantId, top, through) =>
      through === undefined
        ? rows.partition(tenantId, top)
        : rows.all(odata`PartitionKey eq ${tenantId} and RowKey ge ${keyOf(through)}`, top),
  };
}

/** Days since the epoch, inverted: newest first. */
function keyOf(takenAt: Date): string {
  return String(999_999 - Math.floor(takenAt.getTime() / 86_400_000)).padStart(6, '0');
}
