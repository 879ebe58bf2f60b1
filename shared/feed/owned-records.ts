/** Tells the records that a landing brought first from those that an earlier one had brought already. */
import { landingNumber } from '../index/claim-records.ts';
import type { Claim, RecordIndex } from '../index/record-index.ts';
import type { FoundRecord } from '../query/found-record.ts';
import { derivedId } from '../records/audit-record.ts';
import type { DeliveredLine } from './delivered-lines.ts';

/** The part of the index that is asked. */
export type ClaimReader = Pick<RecordIndex, 'readClaims'>;

/**
 * The records of these lines that belong to the landing, under the ids they are found by, in order. It asks for one
 * claim a line, and for a second one where another record bears the same Id.
 */
export async function ownedRecords(
  index: ClaimReader,
  { tenantId, landingId }: { readonly tenantId: string; readonly landingId: string },
  lines: readonly DeliveredLine[],
): Promise<readonly FoundRecord[]> {
  if (lines.length === 0) return [];
  const landing = landingNumber(landingId);
  const isOwn = (claim: Claim | undefined, { line }: DeliveredLine) =>
    claim?.landing === landing && claim.line === line;
  const taken = await index.readClaims(tenantId, distinct(lines.map(({ record }) => record.id)));
  const others = lines.filter((line) => bearsTakenId(line, taken.get(line.record.id)));
  const renamed =
    others.length === 0
      ? new Map<string, Claim>()
      : await index.readClaims(tenantId, distinct(others.map(({ contentHash }) => derivedId(contentHash))));
  return lines.flatMap((line) => {
    const { record, contentHash } = line;
    if (isOwn(taken.get(record.id), line)) return [record];
    const id = derivedId(contentHash);
    return isOwn(renamed.get(id), line) ? [{ ...record, id }] : [];
  });
}

function bearsTakenId({ contentHash }: DeliveredLine, holder: Claim | undefined): boolean {
  return holder !== undefined && holder.content !== contentHash.readBigInt64BE(0);
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
