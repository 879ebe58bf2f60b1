/** Finds rows of the index that nothing explains: forged ones, or what is left of something that was not finished. */
import { dimensionKeys, hashesOf, positionOfKey, type Dimension } from '../index/keys.ts';
import { unpackSummary } from '../index/packing.ts';
import type { Claim, IndexRow, RecordIndex } from '../index/record-index.ts';
import type { Difference } from './difference.ts';
import { invertedDigits, type IndexPlace } from './index-place.ts';
import type { LandingIndex } from './landing-index.ts';
import { readSummary } from './row-summary.ts';

export interface UnexplainedDeps {
  readonly index: Pick<RecordIndex, 'readClaims'>;
  readonly landingIndex: Pick<LandingIndex, 'landedAt'>;
  readonly explained?: Explained | undefined;
}

/** What the texts of some landings explain. */
export interface Explained {
  readonly landings: ReadonlySet<bigint>;
  /** Keys of their rows, see {@link explainedKey}. */
  readonly keys: ReadonlySet<string>;
}

export function explainedKey({ month, dimension }: IndexPlace, rowKey: string): string {
  return `${month} ${dimension} ${rowKey}`;
}

interface ClaimedRow {
  readonly row: IndexRow;
  readonly claim: Claim | undefined;
}

/** A request for each record that has one of the rows. @throws Error when storage fails */
export async function unexplainedRows(
  { index, landingIndex, explained }: UnexplainedDeps,
  tenantId: string,
  place: IndexPlace,
  rows: readonly IndexRow[],
): Promise<readonly Difference[]> {
  const claims = await claimsOf(index, tenantId, rows);
  const differences: Difference[] = [];
  for (const row of rows) {
    const claim = claims.get(idOf(row));
    const fault =
      (await faultOfClaim(landingIndex, { row, claim, tenantId })) ??
      faultOfKey(tenantId, place.dimension, row) ??
      faultOfText(explained, place, { row, claim });
    if (fault !== undefined) differences.push(unexplained(place, row, fault));
  }
  return differences;
}

export function unexplained({ month, dimension }: IndexPlace, row: IndexRow, detail: string): Difference {
  return { kind: 'rowUnexplained', recordId: idOf(row), table: `${month} ${dimension}`, detail };
}

const claimsAtOnce = 100;

async function claimsOf(
  index: UnexplainedDeps['index'],
  tenantId: string,
  rows: readonly IndexRow[],
): Promise<ReadonlyMap<string, Claim>> {
  const ids = [...new Set(rows.map(idOf))];
  const claims = new Map<string, Claim>();
  for (let at = 0; at < ids.length; at += claimsAtOnce)
    for (const [id, claim] of await index.readClaims(tenantId, ids.slice(at, at + claimsAtOnce)))
      claims.set(id, claim);
  return claims;
}

function idOf({ rowKey }: IndexRow): string {
  return positionOfKey(rowKey).slice(invertedDigits + 1);
}

/** A claim is written before its rows, and its record is compared with its landing: so a row needs one that fits. */
async function faultOfClaim(
  landingIndex: UnexplainedDeps['landingIndex'],
  { row, claim, tenantId }: ClaimedRow & { readonly tenantId: string },
): Promise<string | undefined> {
  if (claim === undefined) return 'no claim';
  if (claim.inverted !== positionOfKey(row.rowKey).slice(0, invertedDigits))
    return 'its claim has another time';
  const landedAt = await landingIndex.landedAt(claim.landing);
  if (landedAt === undefined) return 'its claim names a landing that does not exist';
  const said = readSummary(row, tenantId)?.ingestedDateTime;
  return said === undefined || said.getTime() === landedAt.getTime()
    ? undefined
    : 'its claim names another landing';
}

/** A row is found by values that its record has. Rows of earlier releases may be found by fewer. */
function faultOfKey(
  tenantId: string,
  dimension: Dimension,
  { rowKey, summary }: IndexRow,
): string | undefined {
  try {
    const { summary: said, isLegacy } = unpackSummary(summary, tenantId);
    const keys = dimensionKeys(hashesOf(said), positionOfKey(rowKey));
    const isOwn = keys.some((key) => key.dimension === dimension && key.rowKey === rowKey);
    return isOwn || isLegacy ? undefined : 'its record does not have the value';
  } catch {
    return 'its summary cannot be read';
  }
}

/** A row can be forged together with a claim that fits: only the text shows that it is not of its record. */
function faultOfText(
  explained: Explained | undefined,
  place: IndexPlace,
  { row, claim }: ClaimedRow,
): string | undefined {
  if (explained === undefined || claim === undefined || !explained.landings.has(claim.landing))
    return undefined;
  return explained.keys.has(explainedKey(place, row.rowKey)) ? undefined : 'no record of its landing has it';
}
