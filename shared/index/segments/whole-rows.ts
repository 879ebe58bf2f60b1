/** Reads rows whole from wherever a month is, for verifications. */
import { hashesOf } from '../keys.ts';
import { matchColumns, matchValues, type MatchValues } from '../match-columns.ts';
import { unpackSummary } from '../packing.ts';
import type { IndexRow, RowRange, ScanPage } from '../record-index.ts';
import { isStoredColumn } from './match-section.ts';
import type { SourceScan } from './merged-scan.ts';

/** @param scan of all sources */
export async function wholeRowsOf(
  scan: (asked: SourceScan) => Promise<ScanPage>,
  { dimension, from, through, limit }: RowRange,
  tenantId: string,
): Promise<readonly IndexRow[]> {
  const rows: IndexRow[] = [];
  const asked = { dimension, where: [], withTexts: dimension === 'time', withMatch: true };
  // No key has a character that sorts before the space.
  const bounds = { after: justBefore(from), before: `${through} ` };
  let token: string | undefined;
  do {
    const page = await scan({ ...asked, ...bounds, pageSize: limit - rows.length, token });
    rows.push(...page.rows.map((row) => withOmittedColumns(row, tenantId)));
    token = page.token;
  } while (token !== undefined && rows.length < limit);
  return rows;
}

/** Greater than all keys that are less. */
function justBefore(key: string): string {
  const last = key.charCodeAt(key.length - 1);
  return key === '' ? '' : `${key.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}

/** Segments leave out columns that follow from the summary. */
function withOmittedColumns(row: IndexRow, tenantId: string): IndexRow {
  const omitted = matchColumns.filter((column) => !isStoredColumn(column) && row.match[column] === undefined);
  const values = omitted.length === 0 ? {} : valuesOf(row, tenantId);
  const restored = omitted.flatMap((column) => {
    const value = values[column];
    return value === undefined ? [] : [[column, value] as const];
  });
  return restored.length === 0 ? row : { ...row, match: { ...row.match, ...Object.fromEntries(restored) } };
}

function valuesOf({ summary: packed }: IndexRow, tenantId: string): MatchValues {
  try {
    const { summary } = unpackSummary(packed, tenantId);
    return matchValues(summary, hashesOf(summary));
  } catch {
    // It is damaged: a verification reports that.
    return {};
  }
}
