/** Table `RoleHolders`: one snapshot a tenant and day, packed: Global Administrator in one column, all other roles in one or, where they do not fit, in several. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { globalAdministrator } from '../../tenants/privileged-roles.ts';
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

const table = 'RoleHolders';
/** Those of Global Administrator alone: a day has many times as much of the others. */
const administrators = columns.pick({ takenAt: true, holders: true });

export function createRoleHolderStore(tables: Tables): RoleHolderStore {
  const rows = openRows(tables, { table, columns, toRow: (snapshot) => snapshot });
  const selected = async (filter: string, schema: z.ZodObject, top?: number) =>
    (await tables.all(table, { filter, select: Object.keys(schema.shape) }, top)).map((row) =>
      columns.parse(row),
    );
  return {
    async save(tenantId, { takenAt, holders, otherRoles }) {
      const key = { partitionKey: tenantId, rowKey: dayOf(takenAt) };
      await rows.put(key, { takenAt, holders: packed(holders), ...columnsOf(otherRoles) });
    },
    async list(tenantId, from, to) {
      const lastDay = dayOf(new Date(to.getTime() - 1));
      const listed = async (first: string, last: string) =>
        (await selected(daysOf(tenantId, first, last), administrators)).map(snapshotIn);
      const found = await listed(dayOf(from), lastDay);
      if (found.length > 0) return found;
      const day = await newestDay(tables, tenantId, lastDay);
      return day === undefined ? [] : await listed(day, day);
    },
    async read(tenantId, { from, to, top, roles }) {
      const wanted = roles.every((role) => role === globalAdministrator) ? administrators : columns;
      const found = await selected(daysOf(tenantId, dayOf(from), dayOf(to)), wanted, top);
      return found.map((row) => ofRoles(snapshotIn(row), roles));
    },
  };
}

function daysOf(tenantId: string, first: string, last: string): string {
  return odata`PartitionKey eq ${tenantId} and RowKey ge ${first} and RowKey le ${last}`;
}

/** Rows are in order of days, so that the newest is the last. */
async function newestDay(tables: Tables, tenantId: string, last: string): Promise<string | undefined> {
  const filter = odata`PartitionKey eq ${tenantId} and RowKey le ${last}`;
  return (await tables.all(table, { filter, select: ['PartitionKey', 'RowKey'] })).at(-1)?.rowKey;
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
