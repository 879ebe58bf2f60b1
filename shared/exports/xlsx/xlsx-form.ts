/** Workbooks as a form of exports. What writes them is loaded when one is written. */
import { loadPart } from '../../lazy.ts';
import type { RecordMember } from '../../records/members.ts';
import type { FileForm } from '../file-form.ts';
import { maxCellCharacters } from './xlsx-cells.ts';
import { xlsxType } from './xlsx-type.ts';

const alterations = [
  `Texts longer than ${maxCellCharacters} characters, which is what a cell can hold, end with an ellipsis; export as ndjson for the full text.`,
  'Times are dates of the spreadsheet, in UTC.',
  'Lists are joined with commas.',
  'Characters that XML cannot contain are written as _xHHHH_, which spreadsheets show as the character.',
  'Bytes that are not valid UTF-8 are replaced by U+FFFD.',
  'A sheet ends after 1,048,576 rows, and the next one continues.',
];

/** @param select the columns; by default all members, and the record */
export function xlsxForm(select?: readonly RecordMember[]): FileForm {
  return {
    mediaType: xlsxType,
    withTexts: select === undefined,
    async open(state) {
      const { createXlsxEncoder } = await loadPart(() => import('./xlsx-encoder.ts'));
      return createXlsxEncoder(state, undefined, { select });
    },
    alterations,
  };
}
