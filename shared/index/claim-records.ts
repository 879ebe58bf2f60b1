/** Decides which records of a landing are new, before any row of them is written. */
import { createHash } from 'node:crypto';
import { derivedId, type AuditRecord } from '../records/audit-record.ts';
import { invertedTime } from './keys.ts';
import type { Claim, RecordIndex } from './record-index.ts';

/** A record with its place in the landing and the time it is indexed under. */
export interface PlacedRecord {
  readonly record: AuditRecord;
  readonly id: string;
  readonly time: Date;
  readonly line: number;
  /** Longer than can be held: the record is but the beginning of the line. */
  readonly truncated?: boolean | undefined;
}

export interface ClaimDeps {
  readonly index: RecordIndex;
  readonly tenantId: string;
  readonly landingId: string;
}

/** First 8 bytes of a landing id's hash, as claims name it. */
export function landingNumber(landingId: string): bigint {
  return createHash('sha256').update(landingId).digest().readBigInt64BE(0);
}

/**
 * Claims a batch of records, at most 100. Gives those whose rows this landing has to write: the new
 * ones, and those it claimed before when this is a second attempt. A record whose id another one bears, with
 * other content, is kept under an id made from its content. All others are duplicates.
 */
export async function claimRecords(
  deps: ClaimDeps,
  batch: readonly PlacedRecord[],
): Promise<readonly PlacedRecord[]> {
  const owned: PlacedRecord[] = [];
  for (let left = batch; left.length > 0;) {
    // Two records with one id are claimed one after the other, so that the second meets the first one's claim.
    const { first, later } = distinct(left);
    const claims = first.map((placed) => toClaim(placed, deps.landingId));
    const created = await deps.index.createClaims(deps.tenantId, claims);
    if (created) owned.push(...first);
    left = [...(created ? [] : await settleConflicts(deps, first, owned)), ...later];
  }
  return owned;
}

/** What is still to be claimed, under its own id or a made-up one; `owned` receives what is this landing's own. */
async function settleConflicts(
  deps: ClaimDeps,
  left: readonly PlacedRecord[],
  owned: PlacedRecord[],
): Promise<readonly PlacedRecord[]> {
  const ids = left.map((placed) => placed.id);
  const taken = await deps.index.readClaims(deps.tenantId, ids);
  const unclaimed: PlacedRecord[] = [];
  for (const placed of left) {
    const wanted = toClaim(placed, deps.landingId);
    const holder = taken.get(placed.id);
    if (holder === undefined) unclaimed.push(placed);
    else if (holder.landing === wanted.landing && holder.line === wanted.line) owned.push(placed);
    else if (holder.content !== wanted.content) unclaimed.push(renamed(placed));
  }
  return unclaimed;
}

function renamed(placed: PlacedRecord): PlacedRecord {
  return { ...placed, id: derivedId(placed.record.contentHash) };
}

/** Each id once, and those that have to wait because another one bears the same; same content is left out. */
function distinct(batch: readonly PlacedRecord[]) {
  const byId = new Map<string, PlacedRecord>();
  const later: PlacedRecord[] = [];
  for (const placed of batch) {
    const first = byId.get(placed.id);
    if (first === undefined) byId.set(placed.id, placed);
    else if (!first.record.contentHash.equals(placed.record.contentHash)) later.push(placed);
  }
  return { first: [...byId.values()], later };
}

function toClaim({ id, time, line, record }: PlacedRecord, landingId: string): Claim {
  return {
    id,
    inverted: invertedTime(time),
    landing: landingNumber(landingId),
    line,
    content: record.contentHash.readBigInt64BE(0),
  };
}
