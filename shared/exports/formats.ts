/** Formats of lines: the head of a file, and the line for each record. */
import { preferredType } from '../http/accept.ts';
import { isObject, parseJson } from '../json.ts';
import { memberValue, type MemberValue } from '../query/public-record.ts';
import { recordMembers } from '../records/member-kinds.ts';
import type { RecordMember } from '../records/members.ts';
import { csvLine, neutralizedJson, type Cell } from './csv-cells.ts';
import type { LineFormat } from './export.ts';
import type { ExportedRecord } from './record-pages.ts';

export interface FileFormat {
  readonly mediaType: string;
  /** Whether lines contain the exact texts. */
  readonly withTexts: boolean;
  /** Start of the file, even if there are no records. */
  readonly head: Buffer;
  line(record: ExportedRecord): Promise<Buffer>;
  /** Differences from the delivered records, in words. */
  readonly alterations: readonly string[];
}

/** What makes a file of lines. */
export interface LineForm {
  readonly format: LineFormat;
  /** Begins CSV with a byte order mark. */
  readonly bom: boolean;
  /** The columns of `csvFlat`; by default all members. */
  readonly select?: readonly RecordMember[] | undefined;
}

export function fileFormat({ format, bom, select }: LineForm): FileFormat {
  const form = format === 'csvFlat' ? flatFormat(select ?? recordMembers) : formats[format];
  return bom ? withByteOrderMark(form) : form;
}

const csvMediaType = 'text/csv; charset=utf-8';
const csvAlterations = [
  "An apostrophe (') is added before texts that a spreadsheet would interpret as formulas, also after a semicolon, a tab, or a line end.",
  'In AuditData, the signs of such formulas are escaped, such as \\u003d for =, which JSON reads as the same.',
  'Bytes that are not valid UTF-8 are replaced by U+FFFD.',
];

/** As in exports of the Purview portal. */
const portalColumns = [
  'RecordId',
  'CreationDate',
  'RecordType',
  'Operation',
  'UserId',
  'AuditData',
  'AssociatedAdminUnits',
  'AssociatedAdminUnitsNames',
];

const formats: Readonly<Record<Exclude<LineFormat, 'csvFlat'>, FileFormat>> = {
  csv: {
    mediaType: csvMediaType,
    withTexts: true,
    head: Buffer.from(csvLine(portalColumns)),
    line: async ({ record: { id, createdDateTime, summary }, text }) => {
      const { recordType, operation, userId } = summary;
      const created = createdDateTime.toISOString().replace('.000Z', 'Z');
      const auditData = (await text()).toString('utf8');
      const { ids, names } = adminUnits(auditData);
      const safe = { safe: neutralizedJson(auditData) };
      return Buffer.from(csvLine([id, created, recordType, operation, userId, safe, ids, names]));
    },
    alterations: csvAlterations,
  },
  ndjson: {
    mediaType: 'application/x-ndjson; charset=utf-8',
    withTexts: true,
    head: Buffer.alloc(0),
    line: async ({ text }) => Buffer.concat([await text(), Buffer.from('\n')]),
    alterations: [],
  },
};

function flatFormat(columns: readonly RecordMember[]): FileFormat {
  return {
    mediaType: csvMediaType,
    withTexts: false,
    head: Buffer.from(csvLine(columns)),
    line: async ({ record }) => {
      const cells = columns.map((member) => cellOf(memberValue(member, record)));
      return await Promise.resolve(Buffer.from(csvLine(cells)));
    },
    alterations: csvAlterations,
  };
}

/** NDJSON never has one: its lines are exactly as delivered. */
function withByteOrderMark(format: FileFormat): FileFormat {
  if (format.mediaType !== csvMediaType) return format;
  return { ...format, head: Buffer.concat([Buffer.from('\uFEFF'), format.head]) };
}

function cellOf(value: MemberValue): Cell {
  return typeof value === 'object' ? value.join(',') : value;
}

/** Two fields of the record, with several values separated by commas. Few records have them. */
function adminUnits(auditData: string): { readonly ids?: string; readonly names?: string } {
  if (!auditData.includes('"AssociatedAdminUnits')) return {};
  const parsed = parseJson(auditData);
  const fields = isObject(parsed) ? parsed : {};
  return { ids: listed(fields['AssociatedAdminUnits']), names: listed(fields['AssociatedAdminUnitsNames']) };
}

function listed(value: unknown): string {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string').join(',');
}

const streamedFormats: ReadonlyMap<string, LineFormat> = new Map([
  ['application/x-ndjson', 'ndjson'],
  ['text/csv', 'csv'],
]);

/** Media types that older callers ask for with the header `Accept`. */
export const streamedTypes = [...streamedFormats.keys()];

/** The format that the header `Accept` prefers; undefined when that is JSON, as with a wildcard. */
export function streamedFormat(accept: string | null): LineFormat | undefined {
  return streamedFormats.get(preferredType(accept, ['application/json', ...streamedTypes]) ?? '');
}
