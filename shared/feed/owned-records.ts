/** Selects the records that a landing delivered first. */
import { landingNumber } from '../index/claim-records.ts';
import type { DeliveredRecord } from '../index/delivered-records.ts';
import type { Claim, RecordIndex } from '../index/record-index.ts';
import { derivedId } from '../records/audit-record.ts';

/** The part of the index that is needed. */
export type ClaimReader = Pick<RecordIndex, 'readClaims'>;

/**
 * The records that belong to the landing, with the ids they are found by, in order. Reads one claim for each record,
 * and a second one if another record has the same Id or
 * the record is truncated.
 */
export async function ownedRecords(
  index: ClaimReader,
  { tenantId, landingId }: { readonly tenantId: string; readonly landingId: string },
  records: readonly DeliveredRecord[],
): Promise<readonly DeliveredRecord[]> {
  const landing = landingNumber(landingId);
  const isOwn = (claim: Claim | undefined, { line }: DeliveredRecord) =>
    claim?.landing === landing && claim.line === line;
  const taken = await index.readClaims(tenantId, distinct(records.map(({ id }) => id)));
  const others = records.filter((record) => mayHaveDerivedId(record, taken.get(record.id)));
  const derivedIds = others.map(({ record }) => derivedId(record.contentHash));
  const derived = await index.readClaims(tenantId, distinct(derivedIds));
  return records.flatMap((record) => {
    if (isOwn(taken.get(record.id), record)) return [record];
    const id = derivedId(record.record.contentHash);
    return isOwn(derived.get(id), record) ? [{ ...record, id }] : [];
  });
}

/** Another record has its Id, or an earlier release did not read the Id of so long a record. */
function mayHaveDerivedId({ record }: DeliveredRecord, holder: Claim | undefined): boolean {
  if (record.truncated) return true;
  return holder !== undefined && holder.content !== record.contentHash.readBigInt64BE(0);
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
