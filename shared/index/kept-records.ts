/**
 * Leaves out what the retention of a tenant deletes. Everything that is indexed passes here, whether it arrives late, is
 * imported, or is indexed again: a row or a claim of a month that is gone would bring the month back.
 */
import type { DeliveredRecord } from './delivered-records.ts';
import { dateOfInverted } from './keys.ts';
import type { RecordIndex } from './record-index.ts';

/** Records before this moment are deleted, or about to be; undefined: `oldest` and all that are newer are kept. */
export type KeptFrom = (oldest: Date) => Promise<Date | undefined>;

export interface KeepDeps {
  readonly index: Pick<RecordIndex, 'readClaims'>;
  readonly tenantId: string;
  /** @default everything is kept */
  readonly keptFrom?: KeptFrom | undefined;
}

/**
 * Selects the records that may have rows, and their claims. One that an earlier release did not understand was claimed
 * for a later time: it is kept as long as that time is.
 */
export async function keptRecords(
  { index, tenantId, keptFrom }: KeepDeps,
  batch: readonly DeliveredRecord[],
): Promise<readonly DeliveredRecord[]> {
  const from = await keptFrom?.(oldestOf(batch));
  const old = from === undefined ? [] : batch.filter(({ time }) => time < from);
  if (from === undefined || old.length === 0) return batch;
  const claims = await index.readClaims(tenantId, [...new Set(old.map(({ id }) => id))]);
  const isKept = ({ id, time }: DeliveredRecord) => {
    const claim = claims.get(id);
    return time >= from || (claim !== undefined && dateOfInverted(claim.inverted) >= from);
  };
  return batch.filter(isKept);
}

function oldestOf(batch: readonly DeliveredRecord[]): Date {
  return new Date(Math.min(...batch.map(({ time }) => time.getTime())));
}
