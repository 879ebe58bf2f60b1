/** Real records, where they are: they are read in place, and never committed. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { storedRecord, type StoredRecord } from './driven-kind.ts';

const recordsFile = fileURLToPath(new URL('../../../../shared/data/records-dev.ndjson', import.meta.url));
export const hasRealRecords = existsSync(recordsFile);
if (!hasRealRecords)
  console.warn(`SKIPPED: ${recordsFile} does not exist, so nothing is tested with real records.`);

/** Each id once, as the index has them. */
export function realRecords(): readonly StoredRecord[] {
  const lines = hasRealRecords ? readFileSync(recordsFile, 'latin1').split('\n') : [];
  const stored = lines.filter((line) => line !== '').map((line) => storedRecord(Buffer.from(line, 'latin1')));
  return [...new Map(stored.map((one) => [one.record.id, one])).values()];
}
