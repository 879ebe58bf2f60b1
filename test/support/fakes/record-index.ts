/** The index in memory. */
import { dateOfInverted, type Dimension, type Month } from '../../../shared/index/keys.ts';
import { meetsTerms } from '../../../shared/index/match-columns.ts';
import {
  maxTransactionRows,
  type Claim,
  type IndexRow,
  type Scan,
  type ScanPage,
  type VerifiedIndex,
} from '../../../shared/index/record-index.ts';
import type { OldClaims } from '../../../shared/retention/old-data.ts';

interface MonthTable {
  readonly rows: Map<Dimension, Map<string, IndexRow>>;
}

/** Claims that one page of a deletion reads. */
export const claimsAPage = 3;

export function createFakeRecordIndex(): VerifiedIndex & OldClaims {
  const tables = new Map<string, Map<Month, MonthTable>>();
  const claims = new Map<string, Map<string, Claim>>();
  const claimsOf = (tenantId: string): Map<string, Claim> => {
    const taken = claims.get(tenantId) ?? new Map<string, Claim>();
    claims.set(tenantId, taken);
    return taken;
  };
  const monthsOf = (tenantId: string): Map<Month, MonthTable> => {
    const months = tables.get(tenantId) ?? new Map<Month, MonthTable>();
    tables.set(tenantId, months);
    return months;
  };
  const tableOf = (tenantId: string, month: Month): MonthTable => {
    const table = monthsOf(tenantId).get(month) ?? { rows: new Map() };
    monthsOf(tenantId).set(month, table);
    return table;
  };
  return {
    createClaims: async (tenantId, claims) => {
      assertTransaction(claims.map(({ id }) => id));
      const taken = claimsOf(tenantId);
      const free = claims.every(({ id }) => !taken.has(id));
      if (free) for (const claim of claims) taken.set(claim.id, claim);
      return await Promise.resolve(free);
    },
    readClaims: async (tenantId, ids) => {
      const found = ids.flatMap((id) => claimsOf(tenantId).get(id) ?? []);
      return await Promise.resolve(new Map(found.map((claim) => [claim.id, claim])));
    },
    claims: async (tenantId, { from, before, limit }) => {
      const ids = [...claimsOf(tenantId).keys()].filter((id) => id >= from && id < before).sort();
      return await Promise.resolve(ids.slice(0, limit).flatMap((id) => claimsOf(tenantId).get(id) ?? []));
    },
    writeRows: async (tenantId, month, dimension, rows) => {
      assertTransaction(rows.map(({ rowKey }) => rowKey));
      const table = tableOf(tenantId, month);
      const partition = table.rows.get(dimension) ?? new Map<string, IndexRow>();
      table.rows.set(dimension, partition);
      for (const row of rows) partition.set(row.rowKey, row);
      await Promise.resolve();
    },
    months: async (tenantId) => await Promise.resolve([...monthsOf(tenantId).keys()].sort().reverse()),
    scan: async (tenantId, scan) =>
      await Promise.resolve(scanRows(monthsOf(tenantId).get(scan.month)?.rows.get(scan.dimension), scan)),
    getRow: async (tenantId, month, dimension, rowKey) =>
      await Promise.resolve(monthsOf(tenantId).get(month)?.rows.get(dimension)?.get(rowKey)),
    wholeRows: async (tenantId, { month, dimension, from, through, limit }) => {
      const partition = monthsOf(tenantId).get(month)?.rows.get(dimension) ?? new Map<string, IndexRow>();
      const keys = [...partition.keys()].filter((key) => key >= from && key <= through).sort();
      return await Promise.resolve(keys.slice(0, limit).flatMap((key) => partition.get(key) ?? []));
    },
    dropMonth: async (tenantId, month) => {
      monthsOf(tenantId).delete(month);
      await Promise.resolve();
    },
    removeClaims: async (tenantId, before, after = '') => {
      const ids = [...claimsOf(tenantId).keys()].filter((id) => id > after).sort();
      const page = ids.slice(0, claimsAPage).flatMap((id) => claimsOf(tenantId).get(id) ?? []);
      const old = page.filter(({ inverted }) => dateOfInverted(inverted) < before);
      for (const { id } of old) claimsOf(tenantId).delete(id);
      const next = ids.length > page.length ? page.at(-1)?.id : undefined;
      return await Promise.resolve({ rows: old.length, next });
    },
  };
}

/** Storage refuses a transaction that is too long or names a row twice. */
function assertTransaction(keys: readonly string[]): void {
  if (keys.length > maxTransactionRows || new Set(keys).size < keys.length) {
    throw new Error('A transaction holds at most 100 rows with distinct keys.');
  }
}

/** Of each partition, until a row is added. */
const sortedKeys = new WeakMap<ReadonlyMap<string, IndexRow>, readonly string[]>();

function keysOf(partition: ReadonlyMap<string, IndexRow>): readonly string[] {
  const known = sortedKeys.get(partition);
  if (known?.length === partition.size) return known;
  const keys = [...partition.keys()].sort();
  sortedKeys.set(partition, keys);
  return keys;
}

/** The token is the last key that was read, so a page of a filtered scan may be short or empty. */
function scanRows(partition: ReadonlyMap<string, IndexRow> | undefined, scan: Scan): ScanPage {
  const after = scan.token ?? scan.after;
  const all = partition === undefined ? [] : keysOf(partition);
  const keys = all.slice(firstBehind(all, after), firstBehind(all, scan.before, true));
  const page = keys.slice(0, scan.pageSize);
  const found = page
    .flatMap((key) => partition?.get(key) ?? [])
    .filter(({ match }) => meetsTerms(match, scan.where));
  const rows = scan.withTexts ? found : found.map((row) => ({ ...row, text: undefined }));
  const last = page.at(-1);
  return last !== undefined && keys.length > page.length ? { rows, token: last } : { rows };
}

/** Position of the first key that is greater, or not less. */
function firstBehind(keys: readonly string[], bound: string, orEqual = false): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle] ?? '';
    if (key > bound || (orEqual && key === bound)) high = middle;
    else low = middle + 1;
  }
  return low;
}
