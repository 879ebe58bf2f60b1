/** Which files a batch becomes: one for each day of its records. */
import { groupBy } from '../../../group-by.ts';
import type { EncodedRecord, OutgoingBatch } from '../../outgoing.ts';

export interface PartitionFile {
  /** Below the address of the destination; needs no escaping. */
  readonly path: string;
  /** Records of one tenant and one day of UTC, in the order of arrival. */
  readonly records: readonly EncodedRecord[];
}

/** In folders that engines read as columns. A batch that is sent again becomes the same files. */
export function filesOf({ id, records }: OutgoingBatch): readonly PartitionFile[] {
  const [first] = records;
  if (first === undefined) return [];
  const { tenantId, place } = first.record;
  // Numbers of landings grow: names tell people which files are new.
  const name = `${place.sequence}-${id}.parquet`;
  const days = groupBy(records, ({ record: { createdDateTime } }) =>
    createdDateTime.toISOString().slice(0, 10),
  );
  return [...days].map(([day, ofDay]) => ({
    path: `tenant=${tenantId}/date=${day}/${name}`,
    records: ofDay,
  }));
}

/** Two files in place of one that was refused, whose records are at least two: which of them is refused shows the next attempt. */
export function halvesOf({ path, records }: PartitionFile): readonly PartitionFile[] {
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)].map((half, at) => ({
    path: path.replace(/\.parquet$/, `.${at + 1}.parquet`),
    records: half,
  }));
}
