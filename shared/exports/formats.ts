/** The forms of a file: what it begins with, and what each record becomes. */
import { memberValue, type MemberValue } from '../query/public-record.ts';
import { recordMembers } from '../records/member-kinds.ts';
import { csvLine, type Cell } from './csv-cells.ts';
import type { ExportFormat, ExportRequest } from './export.ts';
import type { ExportedRecord } from './record-pages.ts';

export interface FileFormat {
  readonly mediaType: string;
  /** Whether lines are made from the exact texts. */
  readonly withTexts: boolean;
  /** What the file begins with, even without any record. */
  readonly head: Buffer;
  line(record: ExportedRecord): Promise<Buffer>;
  /** What is not as it was delivered, in words. */
  readonly alterations: readonly string[];
}

export function fileFormat({ format, bom }: Pick<ExportRequest, 'format' | 'bom'>): FileFormat {
  return bom ? withByteOrderMark(formats[format]) : formats[format];
}

const csvMediaType = 'text/csv; charset=utf-8';
const csvAlterations = [
  "Texts that a spreadsheet would take for a formula have an apostrophe (') in front.",
  'Bytes that are no UTF-8 are replaced by U+FFFD.',
];

/** In the portal's order, with its spelling. */
const portalColumns = [
  ...['RecordId', 'CreationDate', 'RecordType', 'Operation', 'UserId', 'AuditData'],
  ...['AssociatedAdminUnits', 'AssociatedAdminUnitsNames'],
];

const formats: Readonly<Record<ExportFormat, FileFormat>> = {
  csv: {
    mediaType: csvMediaType,
    withTexts: true,
    head: Buffer.from(csvLine(portalColumns)),
    line: async ({ record: { id, createdDateTime, summary }, text }) => {
      const auditData = (await text()).toString('utf8');
      const units = adminUnits(auditData);
      return Buffer.from(
        csvLine([
          ...[id, createdDateTime.toISOString().replace('.000Z', 'Z'), summary.recordType],
          ...[summary.operation, summary.userId, auditData, units.ids, units.names],
        ]),
      );
    },
    alterations: csvAlterations,
  },
  csvFlat: {
    mediaType: csvMediaType,
    withTexts: false,
    head: Buffer.from(csvLine(recordMembers)),
    line: async ({ record }) => {
      const cells = recordMembers.map((member) => cellOf(memberValue(member, record)));
      return await Promise.resolve(Buffer.from(csvLine(cells)));
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

/** NDJSON never has one: its lines are as they were delivered. */
function withByteOrderMark(format: FileFormat): FileFormat {
  if (format.mediaType !== csvMediaType) return format;
  return { ...format, head: Buffer.concat([Buffer.from('\uFEFF'), format.head]) };
}

function cellOf(value: MemberValue): Cell {
  return typeof value === 'object' ? value.join(',') : value;
}

/** Both columns are the record's own members, several values parted by commas. Few records have them. */
function adminUnits(auditData: string): { readonly ids?: string; readonly names?: string } {
  if (!auditData.includes('"AssociatedAdminUnits')) return {};
  const fields = parseObject(auditData);
  return { ids: listed(fields['AssociatedAdminUnits']), names: listed(fields['AssociatedAdminUnitsNames']) };
}

function listed(value: unknown): string {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string').join(',');
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
