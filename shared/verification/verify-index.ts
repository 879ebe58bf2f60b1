/** Finds rows of the index that nothing explains: forged ones, or what is left of something that was not finished. */
import {
  dimensionKeys,
  dimensions,
  hashesOf,
  positionOfKey,
  type Dimension,
  type Month,
} from '../index/keys.ts';
import { unpackSummary } from '../index/packing.ts';
import type { Claim, IndexRow, RecordIndex, WholeRows } from '../index/record-index.ts';
import type { Difference } from './difference.ts';
import type { LandingIndex } from './landing-index.ts';
import { pageStart, placeAfter, placeOf, type IndexPlace } from './index-place.ts';

export interface VerifyIndexDeps {
  readonly index: Pick<RecordIndex, 'readClaims' | 'months'> & WholeRows;
  readonly landingIndex: LandingIndex;
}

export interface WantedIndex {
  readonly tenantId: string;
  /** The first month. */
  readonly from: Month;
  /** The last month; absent: the newest. */
  readonly through?: Month | undefined;
  /** Selects a page of each month and dimension; absent: all rows are read. */
  readonly sampleSeed?: string | undefined;
  /** Where an earlier run ended. */
  readonly after?: string | undefined;
}

export interface IndexPage {
  readonly differences: readonly Difference[];
  readonly rows: number;
  /** Where to continue after it. */
  readonly after: string;
}

const maxPageRows = 1000;

/** A page of at most a thousand rows at a time, in the order of months and dimensions. @throws Error when storage fails */
export async function* verifyIndex(deps: VerifyIndexDeps, wanted: WantedIndex): AsyncGenerator<IndexPage> {
  const { tenantId, from, through = '9', sampleSeed, after } = wanted;
  const months = (await deps.index.months(tenantId)).filter((month) => month >= from && month <= through);
  const begun = placeOf(after);
  for (const month of months.toSorted())
    for (const dimension of dimensions)
      for (let start = pageStart({ month, dimension }, begun, sampleSeed); start !== undefined;) {
        const page = await readPage(deps, tenantId, { month, dimension, start });
        const { last, rows, differences } = page;
        const isEnd = rows < maxPageRows || sampleSeed !== undefined;
        start = isEnd ? undefined : `${last}!`;
        yield { rows, differences, after: placeAfter({ month, dimension }, isEnd ? undefined : last) };
      }
}

interface Page extends IndexPlace {
  readonly start: string;
}

async function readPage(
  { index, landingIndex }: VerifyIndexDeps,
  tenantId: string,
  { month, dimension, start: from }: Page,
) {
  const range = { month, dimension, from, through: '~', limit: maxPageRows };
  const found = await index.wholeRows(tenantId, range);
  const claims = await claimsOf(index, tenantId, found);
  const differences: Difference[] = [];
  for (const row of found) {
    const recordId = idOf(row);
    const fault =
      (await faultOfClaim(landingIndex, row, claims.get(recordId))) ?? faultOfKey(tenantId, dimension, row);
    if (fault !== undefined)
      differences.push({ kind: 'rowUnexplained', recordId, table: `${month} ${dimension}`, detail: fault });
  }
  return { differences, rows: found.length, last: found.at(-1)?.rowKey ?? from };
}

const claimsAtOnce = 100;

async function claimsOf(
  index: VerifyIndexDeps['index'],
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

const invertedDigits = 13;

function idOf({ rowKey }: IndexRow): string {
  return positionOfKey(rowKey).slice(invertedDigits + 1);
}

/** A claim is written before its rows, and its record is compared with its landing: so a row needs one that fits. */
async function faultOfClaim(
  landingIndex: LandingIndex,
  { rowKey }: IndexRow,
  claim: Claim | undefined,
): Promise<string | undefined> {
  if (claim === undefined) return 'no claim';
  if (claim.inverted !== positionOfKey(rowKey).slice(0, invertedDigits)) return 'its claim has another time';
  const landedAt = await landingIndex.landedAt(claim.landing);
  return landedAt === undefined ? 'its claim names a landing that does not exist' : undefined;
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
