/** Compares the records of a raw blob with their claims and their rows in the index. */
import pMap from 'p-map';
import { decideClaim, landingNumber, toClaim, underFormerIds } from '../index/claim-records.ts';
import type { DeliveredRecord } from '../index/delivered-records.ts';
import { dateOfInverted, monthOf, positionKey, type Month } from '../index/keys.ts';
import { unpackSummary } from '../index/packing.ts';
import type { Claim, IndexRow, RecordIndex, WholeRows } from '../index/record-index.ts';
import { recordRows } from '../index/rows.ts';
import { timeOfLanding } from '../landing/landing-names.ts';
import { compareRow } from './compare-row.ts';
import type { Difference, DifferenceKind } from './difference.ts';
import type { Adding, AllClaims } from './adding.ts';
import type { IndexPlace } from './index-place.ts';
import { sumOf } from './keyed-digest.ts';
import { readExpected, type ExpectedRow } from './read-expected.ts';

export interface CompareRecordsDeps {
  readonly index: Pick<RecordIndex, 'readClaims'> & WholeRows;
  /** When a landing with this number landed; undefined if there is none. */
  readonly landedAt: (landing: bigint) => Promise<Date | undefined>;
  /** Whether the landing with this number waits for the indexer. */
  readonly isWaiting: (landing: bigint) => Promise<boolean>;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Records before this moment are not compared with the index: the retention deletes them. @default all are */
  readonly keptFrom?: Date | undefined;
  /** Adds claims and rows up, to be compared with all of the index at once. @default each is read and compared */
  readonly adding?: Adding | undefined;
  /** All claims, to find those that name a landing and belong to none of its records. */
  readonly claims?: AllClaims | undefined;
  /** Gets each row that must exist because of the landing. */
  readonly explained?: ((place: IndexPlace, rowKey: string) => void) | undefined;
}

export interface ComparedLanding {
  readonly tenantId: string;
  readonly landingId: string;
  readonly blobName: string;
}

export interface RecordCounts {
  readonly records: number;
  /** Records that are in the index because of this landing. */
  readonly indexed: number;
  /** Rows of the index that were compared. */
  readonly rows: number;
  /** Records that were not compared with the index, as the retention deletes them. */
  readonly pastRetention: number;
}

export type Report = (difference: Difference) => void;

interface Comparing extends CompareRecordsDeps {
  readonly landing: ComparedLanding;
  readonly report: Report;
  readonly tally: { -readonly [Name in keyof RecordCounts]: RecordCounts[Name] };
  /** What the claim of each line so far says of its content, by line. */
  readonly contents: bigint[];
  /** Lines that count as duplicates of another line of this landing. */
  readonly repeated: { readonly placed: DeliveredRecord; readonly holder: Claim }[];
  /** Of the landing. */
  readonly number: bigint;
  /** Sum of the digests of its claims. */
  readonly owned: { sum: bigint; isUncertain: boolean };
  /** Duplicates that were not found where their owner would have them. */
  readonly notFound: Duplicate[];
}

interface Duplicate {
  readonly placed: DeliveredRecord;
  readonly owner: bigint;
  readonly month: Month;
  readonly rowKey: string;
}

/** Held at once: lines are about a kilobyte, and a line may have megabytes. */
const maxBatchRecords = 1000;
const maxBatchBytes = 8 * 1024 * 1024;

/**
 * Compares every record, in bounded memory, and reports each difference.
 * @throws what `records` throws, after everything before it was compared; Error when storage fails
 */
export async function compareRecords(
  deps: CompareRecordsDeps,
  landing: ComparedLanding,
  records: AsyncIterable<DeliveredRecord>,
  report: Report,
): Promise<RecordCounts> {
  const tally = { records: 0, indexed: 0, rows: 0, pastRetention: 0 };
  const comparing: Comparing = {
    ...deps,
    landing,
    report,
    tally,
    contents: [],
    repeated: [],
    notFound: [],
    number: landingNumber(landing.landingId),
    owned: { sum: 0n, isUncertain: false },
  };
  let batch: DeliveredRecord[] = [];
  let bytes = 0;
  const flush = async () => {
    const full = batch;
    batch = [];
    bytes = 0;
    await compareBatch(comparing, full);
  };
  try {
    for await (const placed of records) {
      batch.push(placed);
      bytes += placed.record.bytes.length;
      if (batch.length >= maxBatchRecords || bytes >= maxBatchBytes) await flush();
    }
  } finally {
    await flush();
  }
  compareRepeated(comparing);
  compareSums(comparing);
  return tally;
}

async function compareBatch(comparing: Comparing, batch: readonly DeliveredRecord[]): Promise<void> {
  const { index, landing, tally, contents } = comparing;
  tally.records += batch.length;
  for (const placed of batch) contents[placed.line] = toClaim(placed, landing.landingId).content;
  const kept = batch.filter((placed) => isKept(comparing, placed));
  tally.pastRetention += batch.length - kept.length;
  const expected: ExpectedRow[] = [];
  const left = kept.filter((placed) => !isAdded(comparing, placed, expected));
  const named = await underFormerIds({ index, tenantId: landing.tenantId }, left);
  const namesakes = await decide(comparing, named, expected);
  for (const placed of await decide(comparing, namesakes, expected))
    differs(comparing, 'claimDiffers', placed, { detail: 'content' });
  tally.rows += expected.length;
  await readExpected({ ...comparing, tenantId: landing.tenantId }, expected);
  for (const duplicate of comparing.notFound.splice(0)) await compareNotFound(comparing, duplicate);
}

/** One that an earlier release did not understand was claimed for a later time: it is kept as long as that time is. */
function isKept({ keptFrom, claims, number }: Comparing, { time, line }: DeliveredRecord): boolean {
  return keptFrom === undefined || time >= keptFrom || claims?.claimed.has(number, line) === true;
}

/** The claims of all landings say that this one has the line: whether the claim says anything else is found by its sum. */
function isAdded(comparing: Comparing, placed: DeliveredRecord, expected: ExpectedRow[]): boolean {
  const { adding, landing } = comparing;
  const { line, record } = placed;
  if (adding === undefined || record.truncated || !adding.claimed.has(comparing.number, line)) return false;
  own(comparing, { placed, claim: toClaim(placed, landing.landingId) }, expected);
  return true;
}

interface Owned {
  readonly placed: DeliveredRecord;
  readonly claim: Claim;
}

/** The rows of the record must exist. */
function own(comparing: Comparing, { placed, claim }: Owned, expected: ExpectedRow[]): void {
  const { adding, claims, tally, landing } = comparing;
  tally.indexed++;
  if (claims !== undefined) comparing.owned.sum = sumOf(comparing.owned.sum, claims.digest.ofClaim(claim));
  const month = monthOf(placed.time);
  const landedAt = timeOfLanding(landing.landingId);
  for (const { dimension, row } of recordRows(placed, landing)) {
    const place = { month, dimension };
    comparing.explained?.(place, row.rowKey);
    if (adding?.isAdded(month) !== true) expected.push(expectedRow(comparing, placed, { ...place, row }));
    else {
      adding.balance.add(landedAt, adding.digest.ofRow(place, row));
      tally.rows++;
    }
  }
}

/** Reports what is wrong with claims, and adds the rows that must exist. @returns those that have a derived id */
async function decide(
  comparing: Comparing,
  batch: readonly DeliveredRecord[],
  expected: ExpectedRow[],
): Promise<readonly DeliveredRecord[]> {
  const { landing } = comparing;
  const claims = await readClaims(comparing, batch);
  const namesakes: DeliveredRecord[] = [];
  for (const one of batch) {
    const holder = claims.get(one.id);
    const { outcome, placed } = decideClaim(one, holder, landing.landingId);
    if (holder === undefined) differs(comparing, 'claimMissing', one);
    else if (outcome === 'namesake') namesakes.push(placed);
    else if (outcome === 'duplicate') expected.push(...(await rowOfOther(comparing, one, holder)));
    else if (isClaimOf(comparing, one, holder)) own(comparing, { placed, claim: holder }, expected);
    else comparing.owned.isUncertain = true;
  }
  return namesakes;
}

/** Point reads of one transaction's claims are in flight together. */
const claimsAtOnce = 100;

async function readClaims(
  { index, landing }: Comparing,
  batch: readonly DeliveredRecord[],
): Promise<ReadonlyMap<string, Claim>> {
  const ids = [...new Set(batch.map(({ id }) => id))];
  const parts = Array.from({ length: Math.ceil(ids.length / claimsAtOnce) }, (_, at) =>
    ids.slice(at * claimsAtOnce, (at + 1) * claimsAtOnce),
  );
  const read = await pMap(parts, (part) => index.readClaims(landing.tenantId, part), { concurrency: 1 });
  return new Map(read.flatMap((claims) => [...claims]));
}

/** Its line is the one that was claimed, under a time that it may have. */
function isClaimOf(comparing: Comparing, placed: DeliveredRecord, holder: Claim): boolean {
  if (holder.content !== toClaim(placed, comparing.landing.landingId).content) {
    differs(comparing, 'recordDiffers', placed);
    return false;
  }
  const { contentCreated, landedAt } = placed.delivery;
  const times = [placed.time, contentCreated, landedAt].map((time) => time.getTime());
  if (times.includes(dateOfInverted(holder.inverted).getTime())) return true;
  differs(comparing, 'claimDiffers', placed, { detail: 'time' });
  return false;
}

function expectedRow(
  comparing: Comparing,
  placed: DeliveredRecord,
  { month, dimension, row }: IndexPlace & { readonly row: IndexRow },
): ExpectedRow {
  const { tenantId, blobName } = comparing.landing;
  const { record, line } = placed;
  return {
    month,
    dimension,
    rowKey: row.rowKey,
    check: (stored) => {
      const text = dimension === 'time' ? { bytes: record.bytes, at: { blobName, line } } : undefined;
      const fault = compareRow(row, stored, { tenantId, text });
      const table = `${month} ${dimension}`;
      if (fault !== undefined) differs(comparing, fault.kind, placed, { table, detail: fault.detail });
    },
  };
}

/** Another landing was first: it exists, and the record is found under the time that it was claimed for. */
async function rowOfOther(
  comparing: Comparing,
  placed: DeliveredRecord,
  holder: Claim,
): Promise<readonly ExpectedRow[]> {
  const { landing, landedAt, repeated } = comparing;
  if (holder.landing === comparing.number) {
    repeated.push({ placed, holder });
    return [];
  }
  const ownerLandedAt = await landedAt(holder.landing);
  if (ownerLandedAt === undefined) {
    differs(comparing, 'ownerMissing', placed);
    return [];
  }
  const time = dateOfInverted(holder.inverted);
  const [month, rowKey] = [monthOf(time), positionKey(time, placed.id)];
  const table = `${month} time`;
  return [
    {
      month,
      dimension: 'time',
      rowKey,
      check: (stored) => {
        if (stored === undefined) comparing.notFound.push({ placed, owner: holder.landing, month, rowKey });
        else if (!isLandedAt(stored.summary, landing.tenantId, ownerLandedAt))
          differs(comparing, 'claimDiffers', placed, { table, detail: 'landing' });
      },
    },
  ];
}

/** Claims come before rows: an owner that waits for the indexer, or was indexed a moment ago, lacks nothing. */
async function compareNotFound(
  comparing: Comparing,
  { placed, owner, month, rowKey }: Duplicate,
): Promise<void> {
  if (await comparing.isWaiting(owner)) return;
  const { tenantId } = comparing.landing;
  const place = { month, dimension: 'time', from: rowKey, through: rowKey, limit: 1 } as const;
  if ((await comparing.index.wholeRows(tenantId, place)).length > 0) return;
  differs(comparing, 'rowMissing', placed, { table: `${month} time`, detail: 'of a duplicate' });
}

function isLandedAt(summary: Uint8Array, tenantId: string, landedAt: Date): boolean {
  try {
    return unpackSummary(summary, tenantId).ingestedDateTime.getTime() === landedAt.getTime();
  } catch {
    return false;
  }
}

/** A duplicate within the landing: the line that has the claim is the same record. */
function compareRepeated(comparing: Comparing): void {
  const { contents, landing } = comparing;
  for (const { placed, holder } of comparing.repeated)
    if (contents[holder.line] !== toClaim(placed, landing.landingId).content)
      differs(comparing, 'claimDiffers', placed, { detail: 'line' });
}

/** A claim that is too many keeps a record that arrives later out of the index. One that is missing or differs is named. */
function compareSums({ claims, number, owned, landing, report }: Comparing): void {
  if (claims === undefined || owned.isUncertain || claims.claimed.sum(number) === owned.sum) return;
  const { landingId, blobName } = landing;
  report({ kind: 'claimDiffers', landingId, blobName, detail: 'not those of its records' });
}

function differs(
  { landing: { landingId, blobName }, report }: Comparing,
  kind: DifferenceKind,
  { id: recordId, line }: DeliveredRecord,
  more: Pick<Difference, 'table' | 'detail'> = {},
): void {
  report({ kind, landingId, blobName, recordId, line, ...more });
}
