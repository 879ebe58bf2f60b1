/** Table `RoleHolders`: one snapshot a tenant and day, packed into one column. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { roleHolderSchema, type RoleHolderStore } from '../../tenants/role-holders.ts';
import { dayOf } from '../../utc-day.ts';
import { binaryColumn, dateColumn, packed, unpacked } from './columns.ts';
import { openRows } from './rows.ts';
import type { Tables } from './tables.ts';

const holdersSchema = z.array(roleHolderSchema);

export function createRoleHolderStore(tables: Tables): RoleHolderStore {
  const rows = openRows(tables, {
    table: 'RoleHolders',
    columns: z.object({ takenAt: dateColumn, holders: binaryColumn }),
    toRow: (snapshot) => snapshot,
  });
  return {
    async save(tenantId, { takenAt, holders }) {
      const key = { partitionKey: tenantId, rowKey: dayOf(takenAt) };
      await rows.put(key, { takenAt, holders: packed(holders) });
    },
    async list(tenantId, from, to) {
      const lastDay = dayOf(new Date(to.getTime() - 1));
      const all = await rows.all(odata`PartitionKey eq ${tenantId} and RowKey le ${lastDay}`);
      const wanted = all.filter((one) => dayOf(one.takenAt) >= dayOf(from) || one === all.at(-1));
      return wanted.map(({ takenAt, holders }) => ({ takenAt, holders: unpacked(holdersSchema, holders) }));
    },
  };
}
