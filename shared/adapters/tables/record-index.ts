/** The index tables `audit{tenant}{yyyyMM}`, and `audit{tenant}claims`. */
import { odata, type TableEntity, type TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import { claimTableName, indexTableName, tablePrefix, type Month } from '../../index/keys.ts';
import {
  matchColumns,
  type MatchTerm,
  type MatchValue,
  type MatchValues,
} from '../../index/match-columns.ts';
import type { Claim, IndexRow, RowRange, Scan, ScanPage, VerifiedIndex } from '../../index/record-index.ts';
import { binaryColumn } from './columns.ts';
import { isWritten, type StoredEntity, type Tables } from './tables.ts';

/** Of all claims of a tenant. */
export const claimPartition = 'id';
/** Comparisons in a $filter next to the three on keys; Table Storage allows 15 in total. */
const maxMatchComparisons = 12;

export function createRecordIndex(tables: Tables): VerifiedIndex {
  return {
    async createClaims(tenantId, claims) {
      const actions = claims.map((claim): TransactionAction => ['create', claimEntity(claim)]);
      return await isWritten(() => tables.transact(claimTableName(tenantId), actions));
    },
    async readClaims(tenantId, ids) {
      const table = claimTableName(tenantId);
      // Point reads: an OR over row keys would make storage scan the whole partition.
      const entities = await Promise.all(ids.map((id) => tables.get(table, claimPartition, id)));
      return new Map(
        entities.flatMap((entity) => (entity === undefined ? [] : [[entity.rowKey, toClaim(entity)]])),
      );
    },
    async claims(tenantId, { from, before, limit }) {
      const filter = odata`PartitionKey eq ${claimPartition} and RowKey ge ${from} and RowKey lt ${before}`;
      return (await tables.all(claimTableName(tenantId), { filter }, limit)).map(toClaim);
    },
    async writeRows(tenantId, month, dimension, rows) {
      const table = indexTableName(tenantId, month);
      const entities = rows.map((row) => rowEntity(dimension, row));
      const creations = entities.map((entity): TransactionAction => ['create', entity]);
      if (await isWritten(() => tables.transact(table, creations))) return;
      // Some of them exist: a second attempt, which writes the same again.
      await tables.transact(
        table,
        entities.map((entity) => ['upsert', entity, 'Replace']),
      );
    },
    months: (tenantId) => listMonths(tables, tenantId),
    scan: (tenantId, scan) => scanRows(tables, tenantId, scan),
    async getRow(tenantId, month, dimension, rowKey) {
      const entity = await tables.get(indexTableName(tenantId, month), dimension, rowKey);
      return entity && toRow(entity);
    },
    wholeRows: (tenantId, range) => readWholeRows(tables, tenantId, range),
    dropMonth: (tenantId, month) => tables.drop(indexTableName(tenantId, month)),
  };
}

const claimRow = z.object({ rowKey: z.string(), n: z.bigint(), l: z.bigint(), c: z.bigint(), k: z.number() });

function claimEntity({ id, inverted, landing, line, content }: Claim) {
  return { partitionKey: claimPartition, rowKey: id, n: BigInt(inverted), l: landing, k: line, c: content };
}

function toClaim(entity: StoredEntity): Claim {
  const { rowKey, n, l, k, c } = claimRow.parse(entity);
  return { id: rowKey, inverted: String(n).padStart(13, '0'), landing: l, line: k, content: c };
}

async function listMonths(tables: Tables, tenantId: string): Promise<readonly Month[]> {
  const prefix = tablePrefix(tenantId);
  // From the first digit to after the last: `claims` is not a month.
  const names = await tables.names(`${prefix}0`, `${prefix}a`);
  return names
    .map((name) => name.slice(prefix.length))
    .sort()
    .reverse();
}

async function scanRows(tables: Tables, tenantId: string, scan: Scan): Promise<ScanPage> {
  const range = odata`PartitionKey eq ${scan.dimension} and RowKey gt ${scan.after} and RowKey lt ${scan.before}`;
  const filter = [range, ...matchFilter(scan.where)].join(' and ');
  const { pageSize, token } = scan;
  const select = [
    ...columnsWithoutTexts,
    ...(scan.withTexts ? ['x'] : []),
    ...(scan.withMatch === true ? matchColumns : []),
  ];
  const query = { filter, pageSize, token, select };
  const page = await tables.page(indexTableName(tenantId, scan.month), query);
  return { rows: page.entities.map(toRow), token: page.token };
}

/** Contains only numbers computed here. Terms beyond storage's limit are left to the caller. */
function matchFilter(terms: readonly MatchTerm[]): readonly string[] {
  const filters: string[] = [];
  let room = maxMatchComparisons;
  for (const { column, anyOf } of [...terms].sort((a, b) => a.anyOf.length - b.anyOf.length)) {
    room -= anyOf.length;
    if (room < 0) break;
    filters.push(`(${anyOf.map((value) => `${column} eq ${literal(value)}`).join(' or ')})`);
  }
  return filters;
}

function literal(value: MatchValue): string {
  return typeof value === 'bigint' ? `${value}L` : String(value);
}

function rowEntity(dimension: string, { rowKey, match, summary, text, textAt }: IndexRow): TableEntity {
  return {
    partitionKey: dimension,
    rowKey,
    ...match,
    d: summary,
    x: text,
    p: textAt && `${textAt.line}:${textAt.blobName}`,
  };
}

/** Not those to filter by: reading them would take as long as the rest. */
const columnsWithoutTexts = ['RowKey', 'd', 'p'];

const indexRow = z.object({
  rowKey: z.string(),
  d: binaryColumn,
  x: binaryColumn.optional(),
  p: z.string().optional(),
});

const matchValue = z.union([z.bigint(), z.number()]);

function toRow(entity: StoredEntity): IndexRow {
  const { rowKey, d, x, p } = indexRow.parse(entity);
  const textAt = p === undefined ? undefined : toPointer(p);
  return { rowKey, match: matchOf(entity), summary: d, text: x, textAt };
}

/** Empty unless the columns were read. */
function matchOf(entity: StoredEntity): MatchValues {
  const values = matchColumns.flatMap((column) => {
    const value = matchValue.safeParse(entity[column]).data;
    return value === undefined ? [] : [[column, value] as const];
  });
  return Object.fromEntries(values);
}

async function readWholeRows(
  tables: Tables,
  tenantId: string,
  { month, dimension, from, through, limit }: RowRange,
): Promise<readonly IndexRow[]> {
  const table = indexTableName(tenantId, month);
  if (from === through) {
    const entity = await tables.get(table, dimension, from);
    return entity === undefined ? [] : [toRow(entity)];
  }
  const filter = odata`PartitionKey eq ${dimension} and RowKey ge ${from} and RowKey le ${through}`;
  return (await tables.all(table, { filter }, limit)).map(toRow);
}

function toPointer(text: string): { blobName: string; line: number } {
  const colon = text.indexOf(':');
  return { line: Number(text.slice(0, colon)), blobName: text.slice(colon + 1) };
}
