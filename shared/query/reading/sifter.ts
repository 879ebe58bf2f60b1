/** Picks the records that are wanted out of rows, and reads the text of those that only it can tell of. */
import { textToSearch } from '../../index/exact-text.ts';
import { monthOf } from '../../index/keys.ts';
import { unpackText } from '../../index/packing.ts';
import type { IndexRow, RecordIndex } from '../../index/record-index.ts';
import type { RawStore } from '../../landing/landing.ts';
import { completedBy, positionOf, recordOfRow, type FoundRecord } from '../found-record.ts';
import { createRecordText } from '../matching/free-text.ts';
import type { RecordMatcher } from '../matching/match.ts';

export interface TextDeps {
  readonly index: RecordIndex;
  readonly raw: RawStore;
}

/** A record that may be wanted. */
export interface Candidate {
  readonly record: FoundRecord;
  readonly row: IndexRow;
  /** False: its text has to be read before anything is known. */
  readonly isDecided: boolean;
}

export interface Sifter {
  /** What is certainly not wanted is left out. */
  sift(rows: readonly IndexRow[]): readonly Candidate[];
  /** Reads the text; undefined when the record is not wanted. */
  decide(candidate: Candidate): Promise<Candidate | undefined>;
}

export function createSifter(deps: TextDeps, tenantId: string, matches: RecordMatcher): Sifter {
  const decideBy = ({ record, row }: Candidate, text: Buffer): Candidate | undefined => {
    const complete = completedBy(record, text);
    const isWanted = matches(complete, createRecordText(text)) === true;
    return isWanted ? { record: complete, row, isDecided: true } : undefined;
  };
  const siftRow = (row: IndexRow): Candidate | undefined => {
    const record = recordOfRow(row, tenantId);
    const verdict = matches(record);
    const candidate = { record, row, isDecided: verdict === true };
    if (verdict === false) return undefined;
    return verdict === undefined && row.text !== undefined
      ? decideBy(candidate, unpackText(row.text))
      : candidate;
  };
  return {
    sift: (rows) => rows.flatMap((row) => siftRow(row) ?? []),
    async decide(candidate) {
      const row = await timeRow(deps.index, candidate);
      // Its other rows were written first: a record that is still being indexed is not there yet.
      if (row === undefined) return undefined;
      return decideBy(candidate, await textToSearch(deps.raw, row));
    },
  };
}

/** The row that holds the text or tells where it is. */
async function timeRow(index: RecordIndex, { record, row }: Candidate): Promise<IndexRow | undefined> {
  if (row.textAt !== undefined) return row;
  const month = monthOf(record.createdDateTime);
  return await index.getRow(record.tenantId, month, 'time', positionOf(record));
}
