/** A workbook of records, written row by row, that any process can continue. */
import * as z from 'zod';
import { parseJson } from '../../json.ts';
import { memberValue } from '../../query/public-record.ts';
import { recordMembers } from '../../records/member-kinds.ts';
import type { RecordMember } from '../../records/members.ts';
import type { FileEncoder } from '../file-form.ts';
import type { ExportedRecord } from '../record-pages.ts';
import * as parts from './workbook-parts.ts';
import { momentCell, numberCell, textCell } from './xlsx-cells.ts';
import { createZipWriter, zipStateSchema } from './zip-writer.ts';

const auditData = 'AuditData';
const usualWidth = 18;
const widths: ReadonlyMap<string, number> = new Map<RecordMember | typeof auditData, number>([
  ['id', 38],
  ['createdDateTime', 20],
  ['ingestedDateTime', 20],
  ['operation', 28],
  ['userId', 32],
  ['objectId', 48],
  [auditData, 80],
]);
function columnOf(name: string): parts.Column {
  return { name, width: widths.get(name) ?? usualWidth };
}

export interface SheetLimits {
  /** With the header. */
  readonly rows: number;
  /** Before compression, so that no part of the file needs the extensions for parts of 4 GiB, which not every program reads. */
  readonly bytes: number;
}

const excelLimits: SheetLimits = { rows: 1_048_576, bytes: 2 * 1024 ** 3 };

const stateSchema = z.strictObject({
  zip: zipStateSchema,
  /** Rows of each sheet; the last one is being written. */
  rows: z.array(z.int()),
});

/** Columns before those of the record take a value each. */
export interface XlsxEncoder extends FileEncoder {
  add(record: ExportedRecord, values?: readonly string[]): Promise<Buffer>;
}

export interface SheetColumns {
  /** Names of columns before those of the record. */
  readonly leading?: readonly string[];
  /** Members of the record; by default all of them, and the record as delivered. */
  readonly select?: readonly RecordMember[] | undefined;
}

/** As `FileForm.open`. */
export function createXlsxEncoder(
  state: string | undefined,
  limits = excelLimits,
  { leading = [], select }: SheetColumns = {},
): XlsxEncoder | undefined {
  const columns = [...leading, ...(select ?? [...recordMembers, auditData])].map(columnOf);
  const begun = state === undefined ? undefined : stateSchema.safeParse(parseJson(state)).data;
  if (state !== undefined && begun === undefined) return undefined;
  const zip = createZipWriter(begun?.zip);
  const rows = [...(begun?.rows ?? [])];
  const beginSheet = (): Buffer => {
    const number = rows.push(1);
    return Buffer.concat([
      zip.begin(parts.partNames.sheet(number)),
      zip.append(parts.sheetBegin(columns, number)),
    ]);
  };
  const endSheet = (): Buffer =>
    Buffer.concat([zip.append(parts.sheetEnd(columns, rows.at(-1) ?? 1)), zip.endPart()]);
  const whole = (name: string, content: string): Buffer =>
    Buffer.concat([zip.begin(name), zip.append(content), zip.endPart()]);
  const isFull = () => (rows.at(-1) ?? 0) >= limits.rows || zip.size() >= limits.bytes;
  return {
    begin: () =>
      Buffer.concat([
        whole(parts.partNames.relationships, parts.packageRelationships),
        whole(parts.partNames.styles, parts.styleSheet),
        beginSheet(),
      ]),
    async add(record, values = []) {
      const row = parts.sheetRow([
        ...values.map((value) => textCell(value)),
        ...(await cellsOf(record, select)),
      ]);
      const next = isFull() ? [endSheet(), beginSheet()] : [];
      rows[rows.length - 1] = (rows.at(-1) ?? 0) + 1;
      return Buffer.concat([...next, zip.append(row)]);
    },
    end: () =>
      Buffer.concat([
        endSheet(),
        whole(parts.partNames.workbook, parts.workbook(rows.map((count, at) => sheetOf(columns, count, at)))),
        whole(parts.partNames.workbookRelationships, parts.workbookRelationships(rows.length)),
        whole(parts.partNames.contentTypes, parts.contentTypes(rows.length)),
        zip.endFile(),
      ]),
    state: () => JSON.stringify({ zip: zip.state(), rows }),
  };
}

function sheetOf(columns: readonly parts.Column[], rows: number, at: number): parts.Sheet {
  return { name: at === 0 ? 'Records' : `Records ${at + 1}`, columns: columns.length, rows };
}

async function cellsOf(
  { record, text }: ExportedRecord,
  select: readonly RecordMember[] | undefined,
): Promise<readonly string[]> {
  if (select !== undefined) return select.map((member) => memberCell(member, record));
  const delivered = (await text()).toString('utf8');
  return [...recordMembers.map((member) => memberCell(member, record)), textCell(delivered)];
}

function memberCell(member: RecordMember, record: ExportedRecord['record']): string {
  const value = memberValue(member, record);
  if (value === undefined) return '<c/>';
  if (typeof value === 'number') return numberCell(value);
  const text = typeof value === 'object' ? value.join(',') : value;
  return member.endsWith('DateTime') ? momentCell(text) : textCell(text);
}
