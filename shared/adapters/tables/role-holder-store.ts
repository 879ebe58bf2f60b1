/** Table `RoleHolders`: one snapshot a tenant and day, packed: Global Administrator in one column, all other roles in another. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import {
  holdersOfRoleSchema,
  roleHolderSchema,
  type HoldersOfRole,
  type RoleHolderStore,
} from '../../tenants/role-holders.ts';
import { dayOf } from '../../utc-day.ts';
import { binaryColumn, dateColumn, packed, unpacked } from './columns.ts';
import { openRows } from './rows.ts';
import type { Tables } from './tables.ts';

const holdersSchema = z.array(roleHolderSchema);
const otherRolesSchema = z.array(holdersOfRoleSchema);

/** The most that a binary column takes. */
const maxColumnBytes = 64 * 1024;

export function createRoleHolderStore(tables: Tables): RoleHolderStore {
  const rows = openRows(tables, {
    table: 'RoleHolders',
    columns: z.object({ takenAt: dateColumn, holders: binaryColumn, otherRoles: binaryColumn.optional() }),
    toRow: (snapshot) => snapshot,
  });
  return {
    async save(tenantId, { takenAt, holders, otherRoles }) {
      const key = { partitionKey: tenantId, rowKey: dayOf(takenAt) };
      await rows.put(key, { takenAt, holders: packed(holders), otherRoles: packedIfItFits(otherRoles) });
    },
    async list(tenantId, from, to) {
      const lastDay = dayOf(new Date(to.getTime() - 1));
      const all = await rows.all(odata`PartitionKey eq ${tenantId} and RowKey le ${lastDay}`);
      const wanted = all.filter((one) => dayOf(one.takenAt) >= dayOf(from) || one === all.at(-1));
      return wanted.map(({ takenAt, holders, otherRoles }) => ({
        takenAt,
        holders: unpacked(holdersSchema, holders),
        ...(otherRoles && { otherRoles: unpacked(otherRolesSchema, otherRoles) }),
      }));
    },
  };
}

function packedIfItFits(otherRoles: readonly HoldersOfRole[] | undefined): Uint8Array | undefined {
  const bytes = otherRoles && packed(otherRoles);
  return bytes === undefined || bytes.length > maxColumnBytes ? undefined : bytes;
}
