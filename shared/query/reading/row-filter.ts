/** Selects the matching records among rows, reading the texts of those that only their text can decide. */
import { textToSearch } from '../../index/exact-text.ts';
import { unpackText } from '../../index/packing.ts';
import type { IndexRow, RecordIndex } from '../../index/record-index.ts';
import type { RawStore } from '../../landing/raw-store.ts';
import { wholeText, type DeliveredText } from '../../records/delivered-text.ts';
import { completedFromText, recordOfRow, type FoundRecord } from '../found-record.ts';
import { createRecordText } from '../matching/free-text.ts';
import type { RecordMatcher } from '../matching/match.ts';
import { whileHoldingLargeText } from './held-texts.ts';
import { timeRowOf } from './time-row.ts';

export interface TextDeps {
  readonly index: RecordIndex;
  readonly raw: Pick<RawStore, 'read'>;
}

/** What rows are filtered by. */
export interface RowFilterOptions {
  readonly tenantId: string;
  readonly matches: RecordMatcher;
  /** Whether {@link matches} needs the text of most records: it is not asked without one that the row has. */
  readonly needsTexts: boolean;
  /** Whether records keep their time rows. */
  readonly keepsTimeRows: boolean;
}

/** A record that may match. */
export interface Candidate {
  readonly record: FoundRecord;
  /** Its row, without a text, if only the text can decide; absent once it is known to match. */
  readonly undecided?: IndexRow | undefined;
}

export interface RowFilter {
  /** Undefined when the record certainly does not match. */
  selectRow(row: IndexRow): Candidate | undefined;
  /** Reads the text; undefined when the record does not match. */
  decide(candidate: Candidate): Promise<Candidate | undefined>;
}

export function createRowFilter(
  deps: TextDeps,
  { tenantId, matches, needsTexts, keepsTimeRows }: RowFilterOptions,
): RowFilter {
  const withRow = (record: FoundRecord, row: IndexRow): FoundRecord =>
    keepsTimeRows && holdsText(row) ? { ...record, timeRow: row } : record;
  const decideBy = (record: FoundRecord, row: IndexRow, delivered: DeliveredText): Candidate | undefined => {
    const text = createRecordText(delivered.bytes, delivered.truncated);
    const result = matches(record, text);
    if (result === false) return undefined;
    const complete = withRow(completedFromText(record, delivered), row);
    return (result ?? matches(complete, text)) === true ? { record: complete } : undefined;
  };
  return {
    selectRow(row) {
      const record = recordOfRow(row, tenantId);
      const { text } = row;
      const result = needsTexts && text !== undefined ? undefined : matches(record);
      if (result === false) return undefined;
      if (result === true) return { record: withRow(record, row) };
      if (text === undefined) return { record: withRow(record, row), undecided: row };
      return decideBy(record, row, wholeText(unpackText(text)));
    },
    async decide({ record, undecided: row }) {
      if (row === undefined) return { record };
      const timeRow = row.textAt === undefined ? await timeRowOf(deps.index, record) : row;
      // Its other rows are written first: a record that is still being indexed has no such row yet.
      if (timeRow === undefined) return undefined;
      const search = async () => decideBy(record, timeRow, await textToSearch(deps.raw, timeRow));
      return await (timeRow.text === undefined ? whileHoldingLargeText(search) : search());
    },
  };
}

function holdsText({ text, textAt }: IndexRow): boolean {
  return text !== undefined || textAt !== undefined;
}
