/** Compares the records of a raw blob with their claims and their rows in the index. */
import { toClaim, underFormerIds } from '../index/claim-records.ts';
import type { DeliveredRecord } from '../index/delivered-records.ts';
import { compareClaims } from './compare-claims.ts';
import { compareNotFound, compareRepeated } from './compare-duplicates.ts';
import {
  differs,
  startComparing,
  type ComparedLanding,
  type CompareRecordsDeps,
  type Comparing,
  type RecordCounts,
  type Report,
} from './comparing.ts';
import { own } from './owned-rows.ts';
import { readExpected, type ExpectedRow } from './read-expected.ts';

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
  const comparing = startComparing(deps, landing, report);
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
  return comparing.tally;
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
  const namesakes = await compareClaims(comparing, named, expected);
  for (const placed of await compareClaims(comparing, namesakes, expected))
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

/** A claim that is too many keeps a record that arrives later out of the index. One that is missing or differs is named. */
function compareSums({ claims, number, owned, landing, report }: Comparing): void {
  if (claims === undefined || owned.isUncertain || claims.claimed.sum(number) === owned.sum) return;
  const { landingId, blobName } = landing;
  report({ kind: 'claimDiffers', landingId, blobName, detail: 'not those of its records' });
}
