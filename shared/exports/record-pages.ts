/** All records that pass filters, page by page, each with a way to its exact text. */
import * as z from 'zod';
import { completedFromText, type FoundRecord } from '../query/found-record.ts';
import type { RecordFilters } from '../query/filters.ts';
import { listRecords } from '../query/list-records.ts';
import { planQuery } from '../query/plan.ts';
import { createTextReader, type TextReader, type TextReaderDeps } from './record-text.ts';

export interface ExportedRecord {
  readonly record: FoundRecord;
  /** The exact bytes as delivered. @throws Error when they are not where the index says */
  readonly text: () => Promise<Buffer>;
}

export interface RecordsQuestion {
  readonly tenantId: string;
  readonly filters: RecordFilters;
  /** Records ingested later are left out. */
  readonly ingestedThrough: Date;
  /** All texts will be asked for: they are read together. */
  readonly withTexts: boolean;
}

export interface ExportedPage {
  /** May be none before the end. */
  readonly records: readonly ExportedRecord[];
  /** Absent on the last page. */
  readonly next?: string | undefined;
}

/** Every record once, newest first, whatever arrives meanwhile; the same again from any position. */
export interface RecordPages {
  /** @throws when storage fails */
  page(question: RecordsQuestion, position: string | undefined): Promise<ExportedPage>;
}

export interface RecordPagesDeps extends TextReaderDeps {
  readonly now: () => Date;
}

/** Rows of a page are held at once; one has 2 KB as a rule, and 64 KB at most. */
const pageRecords = 500;

const cursorsSchema = z.record(
  z.string(),
  z.union([z.strictObject({ past: z.string() }), z.strictObject({ month: z.string(), token: z.string() })]),
);

export function createRecordPages(deps: RecordPagesDeps): RecordPages {
  return {
    async page(question, position) {
      const { tenantId, filters, ingestedThrough: snapshot, withTexts } = question;
      const cursors = cursorsSchema.parse(JSON.parse(position ?? '{}'));
      const options = { tenantIds: [tenantId], filters, top: pageRecords, position: { snapshot, cursors } };
      const { records, next } = await listRecords(deps, options);
      const texts = createTextReader(deps, tenantId);
      if (withTexts) await texts.prepare(records, whereIfByTime(filters));
      const exported = await Promise.all(records.map((record) => toExported(texts, record)));
      return next === undefined
        ? { records: exported }
        : { records: exported, next: JSON.stringify(next.cursors ?? {}) };
    },
  };
}

/** What storage filters by where it reads rows in order of time; undefined where it does not. */
function whereIfByTime(filters: RecordFilters) {
  const plan = planQuery(filters);
  return plan.dimension === 'time' && filters.ids === undefined ? plan.where : undefined;
}

async function toExported(texts: TextReader, record: FoundRecord): Promise<ExportedRecord> {
  const text = () => texts.read(record);
  return { record: record.isLegacy ? completedFromText(record, await text()) : record, text };
}
