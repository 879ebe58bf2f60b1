/** Table `RoleHolders`: one snapshot a tenant and day, packed: Global Administrator in one column, all other roles in one or, where they do not fit, in several. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import {
  holdersOfRoleSchema,
  ofRoles,
  roleHolderSchema,
  type HoldersOfRole,
  type RoleHolderSnapshot,
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
/** So many that a row has room for them. Earlier releases do not know them, and would not read a part as the whole. */
const parts = Array.from({ length: 12 }, (_, at) => `otherRolesPart${at + 1}`);

const columns = z.object({
  takenAt: dateColumn,
  holders: binaryColumn,
  otherRoles: binaryColumn.optional(),
  ...Object.fromEntries(parts.map((name) => [name, binaryColumn.optional()])),
});

export function createRoleHolderStore(tables: Tables): RoleHolderStore {
  const rows = openRows(tables, { table: 'RoleHolders', columns, toRow: (snapshot) => snapshot });
  return {
    async save(tenantId, { takenAt, holders, otherRoles }) {
      const key = { partitionKey: tenantId, rowKey: dayOf(takenAt) };
      await rows.put(key, { takenAt, holders: packed(holders), ...columnsOf(otherRoles) });
    },
    async list(tenantId, from, to) {
      const lastDay = dayOf(new Date(to.getTime() - 1));
      const all = await rows.all(odata`PartitionKey eq ${tenantId} and RowKey le ${lastDay}`);
      const wanted = all.filter((one) => dayOf(one.takenAt) >= dayOf(from) || one === all.at(-1));
      return wanted.map(snapshotIn);
    },
    async read(tenantId, { from, to, top, roles }) {
      const days = odata`PartitionKey eq ${tenantId} and RowKey ge ${dayOf(from)} and RowKey le ${dayOf(to)}`;
      return (await rows.all(days, top)).map((row) => ofRoles(snapshotIn(row), roles));
    },
  };
}

function snapshotIn({ takenAt, holders, ...others }: z.output<typeof columns>): RoleHolderSnapshot {
  const bytes = bytesIn(others);
  return {
    takenAt,
    holders: unpacked(holdersSchema, holders),
    ...(bytes && { otherRoles: unpacked(otherRolesSchema, bytes) }),
  };
}

function columnsOf(otherRoles: readonly HoldersOfRole[] | undefined): Readonly<Record<string, Uint8Array>> {
  const bytes = otherRoles && packed(otherRoles);
  if (bytes === undefined || bytes.length > parts.length * maxColumnBytes) return {};
  if (bytes.length <= maxColumnBytes) return { otherRoles: bytes };
  const used = parts.slice(0, Math.ceil(bytes.length / maxColumnBytes));
  return Object.fromEntries(
    used.map((name, at) => [name, bytes.subarray(at * maxColumnBytes, (at + 1) * maxColumnBytes)]),
  );
}

function bytesIn({ otherRoles, ...others }: Readonly<Record<string, unknown>>): Uint8Array | undefined {
  if (otherRoles instanceof Uint8Array) return otherRoles;
  const found = parts.map((name) => others[name]).filter((part) => part instanceof Uint8Array);
  return found.length === 0 ? undefined : Buffer.concat(found);
}
