/** Table `Postures`: the state of auditing, one row a tenant and day. */
import * as z from 'zod';
import { postureSchema, type Posture, type PostureStore } from '../../enablement/posture.ts';
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
      await rows.put({ partitionKey: tenantId, rowKey: keyOf(posture) }, { posture: packed(posture) });
    },
    list: (tenantId, top) => rows.partition(tenantId, top),
  };
}

/** Days since the epoch, inverted: newest first. */
function keyOf({ takenAt }: Posture): string {
  return String(999_999 - Math.floor(Date.parse(takenAt) / 86_400_000)).padStart(6, '0');
}
