/** Selects the matching records among rows, reading the texts of those that only their text can decide. */
import { textToSearch } from '../../index/exact-text.ts';
import { monthOf } from '../../index/keys.ts';
import { unpackText } from '../../index/packing.ts';
import type { IndexRow, RecordIndex } from '../../index/record-index.ts';
import type { RawStore } from '../../landing/landing.ts';
import { completedFromText, positionOf, recordOfRow, type FoundRecord } from '../found-record.ts';
import { createRecordText } from '../matching/free-text.ts';
import type { RecordMatcher } from '../matching/match.ts';

export interface TextDeps {
  readonly index: RecordIndex;
  readonly raw: RawStore;
}

/** A record that may match. */
export interface Candidate {
  readonly record: FoundRecord;
  readonly row: IndexRow;
  /** False: its text has to be read first. */
  readonly isDecided: boolean;
}

export interface RowFilter {
  /** Leaves out what certainly does not match. */
  select(rows: readonly IndexRow[]): readonly Candidate[];
  /** Reads the text; undefined when the record does not match. */
  decide(candidate: Candidate): Promise<Candidate | undefined>;
}

export function createRowFilter(deps: TextDeps, tenantId: string, matches: RecordMatcher): RowFilter {
  const decideBy = ({ record, row }: Candidate, text: Buffer): Candidate | undefined => {
    const complete = completedFromText(record, text);
    const isMatch = matches(complete, createRecordText(text)) === true;
    return isMatch ? { record: complete, row, isDecided: true } : undefined;
  };
  const selectRow = (row: IndexRow): Candidate | undefined => {
    const record = recordOfRow(row, tenantId);
    const result = matches(record);
    const candidate = { record, row, isDecided: result === true };
    if (result === false) return undefined;
    return result === undefined && row.text !== undefined
      ? decideBy(candidate, unpackText(row.text))
      : candidate;
  };
  return {
    select: (rows) => rows.flatMap((row) => selectRow(row) ?? []),
    async decide(candidate) {
      const row = await timeRow(deps.index, candidate);
      // Its other rows are written first: a record that is still being indexed has no such row yet.
      if (row === undefined) return undefined;
      return decideBy(candidate, await textToSearch(deps.raw, row));
    },
  };
}

/** The row that holds the text or a pointer to it. */
async function timeRow(index: RecordIndex, { record, row }: Candidate): Promise<IndexRow | undefined> {
  if (row.textAt !== undefined) return row;
  const month = monthOf(record.createdDateTime);
  return await index.getRow(record.tenantId, month, 'time', positionOf(record));
}
