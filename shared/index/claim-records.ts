/** Decides which records of a landing are new, before any row of them is written. */
import { createHash } from 'node:crypto';
import { derivedId } from '../records/audit-record.ts';
import type { DeliveredRecord } from './delivered-records.ts';
import { dateOfInverted, invertedTime } from './keys.ts';
import { anySpelling, type Claim, type RecordIndex } from './record-index.ts';

export interface ClaimDeps {
  readonly index: RecordIndex;
  readonly tenantId: string;
  readonly landingId: string;
}

/** First 8 bytes of the hash of a landing id, as claims hold it. */
export function landingNumber(landingId: string): bigint {
  return createHash('sha256').update(landingId).digest().readBigInt64BE(0);
}

/**
 * Claims a batch of records, at most 100. Returns those whose rows this landing has to write: the new ones, and those
 * that it claimed in an earlier attempt, under the time of that attempt. A record whose id belongs to another one with
 * other content gets an id derived from its content, see {@link isSame}. All others are duplicates.
 */
export async function claimRecords(
  deps: ClaimDeps,
  batch: readonly DeliveredRecord[],
): Promise<readonly DeliveredRecord[]> {
  const owned: DeliveredRecord[] = [];
  for (let left = await underFormerIds(deps, batch); left.length > 0;) {
    // Two records with one id are claimed one after the other, so that the second finds the claim of the first.
    const { first, later } = distinct(left);
    const claims = first.map((placed) => toClaim(placed, deps.landingId));
    const created = await deps.index.createClaims(deps.tenantId, claims);
    if (created) owned.push(...first);
    left = [...(created ? [] : await settleConflicts(deps, first, owned)), ...later];
  }
  return owned;
}

/** An earlier release did not read the beginnings of long records: those that it claimed keep the id that it made up. */
export async function underFormerIds(
  { index, tenantId }: { readonly index: Pick<RecordIndex, 'readClaims'>; readonly tenantId: string },
  batch: readonly DeliveredRecord[],
): Promise<readonly DeliveredRecord[]> {
  if (!batch.some(({ record }) => record.truncated)) return batch;
  const formerId = ({ id, record }: DeliveredRecord) =>
    record.truncated ? derivedId(record.contentHash) : id;
  const taken = await index.readClaims(tenantId, [...new Set(batch.map(formerId))]);
  return batch.map((placed) => (taken.has(formerId(placed)) ? { ...placed, id: formerId(placed) } : placed));
}

/** Returns what is still to be claimed, under its own id or a derived one; adds what this landing owns to `owned`. */
async function settleConflicts(
  deps: ClaimDeps,
  left: readonly DeliveredRecord[],
  owned: DeliveredRecord[],
): Promise<readonly DeliveredRecord[]> {
  const ids = left.map((placed) => placed.id);
  const taken = await deps.index.readClaims(deps.tenantId, ids);
  const unclaimed: DeliveredRecord[] = [];
  for (const placed of left) {
    const { outcome, placed: decided } = decideClaim(placed, taken.get(placed.id), deps.landingId);
    if (outcome === 'owned') owned.push(decided);
    else if (outcome !== 'duplicate') unclaimed.push(decided);
  }
  return unclaimed;
}

/**
 * Whether two claims of one id are of one record. Microsoft's search spells records differently from the feed, so what a
 * backfill found is compared by its time, to the second, in place of its content.
 */
function isSame(one: Claim, other: Claim): boolean {
  if (one.content !== anySpelling && other.content !== anySpelling) return one.content === other.content;
  return secondOf(one) === secondOf(other);
}

function secondOf({ inverted }: Claim): number {
  return Math.floor(dateOfInverted(inverted).getTime() / 1000);
}

/**
 * What the claim of a record's id means for the record. `unclaimed`: no landing has it; `owned`: this line of this
 * landing has it; `namesake`: another record with other content has the id, so this one gets a derived id; `duplicate`:
 * the same record has it.
 */
interface Decision {
  readonly outcome: 'unclaimed' | 'owned' | 'namesake' | 'duplicate';
  /** Under the id and the time that it is indexed by. */
  readonly placed: DeliveredRecord;
}

/** @param holder the claim of the record's id; undefined if no landing has it */
export function decideClaim(placed: DeliveredRecord, holder: Claim | undefined, landingId: string): Decision {
  if (holder === undefined) return { outcome: 'unclaimed', placed };
  const wanted = toClaim(placed, landingId);
  if (holder.landing === wanted.landing && holder.line === wanted.line)
    return { outcome: 'owned', placed: asClaimed(placed, holder) };
  if (isSame(holder, wanted)) return { outcome: 'duplicate', placed };
  return { outcome: 'namesake', placed: { ...placed, id: derivedId(placed.record.contentHash) } };
}

/**
 * The record under the time that it was claimed for. An earlier release may not have understood its own time: indexed
 * again under another one, it would have rows in two places.
 */
function asClaimed(placed: DeliveredRecord, { inverted }: Claim): DeliveredRecord {
  const time = dateOfInverted(inverted);
  if (time.getTime() === placed.time.getTime()) return placed;
  const { contentCreated } = placed.delivery;
  const createdSource = time.getTime() === contentCreated.getTime() ? 'contentCreated' : 'ingested';
  return { ...placed, time, createdSource };
}

/** Each id once, and the others that have an id of those; repeated content is left out. */
function distinct(batch: readonly DeliveredRecord[]) {
  const byId = new Map<string, DeliveredRecord>();
  const later: DeliveredRecord[] = [];
  for (const placed of batch) {
    const first = byId.get(placed.id);
    if (first === undefined) byId.set(placed.id, placed);
    else if (!first.record.contentHash.equals(placed.record.contentHash)) later.push(placed);
  }
  return { first: [...byId.values()], later };
}

/** The claim that a record gets if no other landing was first. */
export function toClaim({ id, time, line, record, delivery }: DeliveredRecord, landingId: string): Claim {
  return {
    id,
    inverted: invertedTime(time),
    landing: landingNumber(landingId),
    line,
    content: delivery.source === 'backfill' ? anySpelling : record.contentHash.readBigInt64BE(0),
  };
}
