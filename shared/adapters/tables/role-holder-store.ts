/** Table `RoleHolders`: one snapshot a tenant and day, packed: Global Administrator in one column, all other roles in one or, where they do not fit, in several. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { globalAdministrator } from '../../tenants/privileged-roles.ts';
import {
  countsOf,
  holdersOfRoleSchema,
  ofRoles,
  roleCountsSchema,
  roleHolderSchema,
  type HoldersOfRole,
  type RoleCount,
  type RoleHolderSnapshot,
  type RoleHolderStore,
} from '../../tenants/role-holders.ts';
import { dayOf } from '../../utc-day.ts';
import { binaryColumn, dateColumn, jsonColumn, packed, unpacked } from './columns.ts';
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
  counts: jsonColumn(roleCountsSchema).optional(),
  holders: binaryColumn,
  otherRoles: binaryColumn.optional(),
  leftOut: jsonColumn(roleCountsSchema).optional(),
  ...Object.fromEntries(parts.map((name) => [name, binaryColumn.optional()])),
});

const table = 'RoleHolders';
/** Those of Global Administrator alone: a day has many times as much of the others. */
const administrators = columns.pick({ takenAt: true, holders: true });
const counted = columns.pick({ takenAt: true, counts: true });

type Row = Pick<z.output<typeof columns>, 'takenAt' | 'holders'> & Partial<z.output<typeof columns>>;

export function createRoleHolderStore(tables: Tables): RoleHolderStore {
  const rows = openRows(tables, { table, columns, toRow: (snapshot) => snapshot });
  const selected = async <C extends z.ZodObject>(filter: string, schema: C) => {
    const found = await tables.all(table, { filter, select: Object.keys(schema.shape) });
    return found.map((row) => schema.parse(row));
  };
  return {
    async save(tenantId, { takenAt, holders, otherRoles }) {
      const key = { partitionKey: tenantId, rowKey: dayOf(takenAt) };
      const fitting = otherRoles && fittingInto(otherRoles);
      const counts = countsOf({ takenAt, holders, otherRoles: fitting?.roles });
      await rows.put(key, { takenAt, counts, holders: packed(holders), ...(fitting && columnsOf(fitting)) });
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
    async read(tenantId, { from, to, roles }) {
      const wanted = roles.every((role) => role === globalAdministrator) ? administrators : columns;
      const found = await selected(daysOf(tenantId, dayOf(from), dayOf(to)), wanted);
      return found.map((row) => ofRoles(snapshotIn(row), roles));
    },
    counts: (tenantId, { from, to }) => selected(daysOf(tenantId, dayOf(from), dayOf(to)), counted),
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

function snapshotIn({ takenAt, holders, leftOut, ...others }: Row): RoleHolderSnapshot {
  const bytes = bytesIn(others);
  return {
    takenAt,
    holders: unpacked(holdersSchema, holders),
    ...(bytes && { otherRoles: unpacked(otherRolesSchema, bytes) }),
    ...(leftOut && { leftOut }),
  };
}

interface Fitting {
  readonly roles: readonly HoldersOfRole[];
  readonly bytes: Uint8Array;
  readonly leftOut: readonly RoleCount[];
}

/** Without the roles that have the most holders, if a row has no room for all. */
function fittingInto(all: readonly HoldersOfRole[], leftOut: readonly RoleCount[] = []): Fitting {
  const bytes = packed(all);
  const [largest] = all.toSorted((a, b) => b.holders.length - a.holders.length);
  if (bytes.length <= parts.length * maxColumnBytes || largest === undefined)
    return { roles: all, bytes, leftOut };
  const count = { role: largest.role, count: largest.holders.length };
  return fittingInto(
    all.filter((one) => one !== largest),
    [...leftOut, count],
  );
}

function columnsOf({ bytes, leftOut }: Fitting): Readonly<Record<string, unknown>> {
  const without = leftOut.length > 0 && { leftOut };
  if (bytes.length <= maxColumnBytes) return { otherRoles: bytes, ...without };
  const used = parts.slice(0, Math.ceil(bytes.length / maxColumnBytes));
  const each = used.map((name, at) => {
    return [name, bytes.subarray(at * maxColumnBytes, (at + 1) * maxColumnBytes)] as const;
  });
  return { ...Object.fromEntries(each), ...without };
}

function bytesIn({ otherRoles, ...others }: Readonly<Record<string, unknown>>): Uint8Array | undefined {
  if (otherRoles instanceof Uint8Array) return otherRoles;
  const found = parts.map((name) => others[name]).filter((part) => part instanceof Uint8Array);
  return found.length === 0 ? undefined : Buffer.concat(found);
}
