/** Selects the matching records among rows, reading the texts of those that only their text can decide. */
import { textToSearch } from '../../index/exact-text.ts';
import { unpackText } from '../../index/packing.ts';
import type { IndexRow, RecordIndex } from '../../index/record-index.ts';
import type { RawStore } from '../../landing/landing.ts';
import { completedFromText, recordOfRow, type FoundRecord } from '../found-record.ts';
import { createRecordText } from '../matching/free-text.ts';
import type { RecordMatcher } from '../matching/match.ts';
import { timeRowOf } from './time-row.ts';

export interface TextDeps {
  readonly index: RecordIndex;
  readonly raw: Pick<RawStore, 'read'>;
}

/** What rows are filtered by. */
export interface RowFilterOptions {
  readonly tenantId: string;
  readonly matches: RecordMatcher;
  /** Whether records keep their time rows. */
  readonly keepsTimeRows: boolean;
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

export function createRowFilter(
  deps: TextDeps,
  { tenantId, matches, keepsTimeRows }: RowFilterOptions,
): RowFilter {
  const withRow = (record: FoundRecord, row: IndexRow): FoundRecord =>
    keepsTimeRows && holdsText(row) ? { ...record, timeRow: row } : record;
  const decideBy = ({ record, row }: Candidate, text: Buffer): Candidate | undefined => {
    const complete = withRow(completedFromText(record, text), row);
    const isMatch = matches(complete, createRecordText(text)) === true;
    return isMatch ? { record: complete, row, isDecided: true } : undefined;
  };
  const selectRow = (row: IndexRow): Candidate | undefined => {
    const record = withRow(recordOfRow(row, tenantId), row);
    const result = matches(record);
    const candidate = { record, row, isDecided: result === true };
    if (result === false) return undefined;
    return result === undefined && row.text !== undefined
      ? decideBy(candidate, unpackText(row.text))
      : candidate;
  };
  return {
    select: (rows) => rows.flatMap((row) => selectRow(row) ?? []),
    async decide({ record, row, isDecided }) {
      const timeRow = row.textAt === undefined ? await timeRowOf(deps.index, record) : row;
      // Its other rows are written first: a record that is still being indexed has no such row yet.
      if (timeRow === undefined) return undefined;
      return decideBy({ record, row: timeRow, isDecided }, await textToSearch(deps.raw, timeRow));
    },
  };
}

function holdsText({ text, textAt }: IndexRow): boolean {
  return text !== undefined || textAt !== undefined;
}
