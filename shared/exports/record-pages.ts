/** All matching records, page by page, each with access to its exact text. */
import pMap from 'p-map';
import * as z from 'zod';
import { exactText } from '../index/exact-text.ts';
import { completedFromText, type FoundRecord } from '../query/found-record.ts';
import type { RecordFilters } from '../query/filters.ts';
import { listRecords } from '../query/list-records.ts';
import type { QueryDeps } from '../query/reading/execute-query.ts';
import { wholeText } from '../records/delivered-text.ts';
import { timeRowOf } from '../query/reading/time-row.ts';

export interface ExportedRecord {
  readonly record: FoundRecord;
  /** The exact bytes as delivered. @throws Error when they are not where the index says */
  readonly text: () => Promise<Buffer>;
}

export interface RecordsQuestion {
  readonly tenantId: string;
  readonly filters: RecordFilters;
  /** Records ingested later are left out, unless they are from before `completeThrough`. */
  readonly ingestedThrough: Date;
  /** What is claimed of the records, see shared/query/reading/execute-query.ts. */
  readonly completeThrough: Date | undefined;
  /** All texts will be read. */
  readonly withTexts: boolean;
}

export interface ExportedPage {
  /** May be empty before the end. */
  readonly records: readonly ExportedRecord[];
  /** Absent on the last page. */
  readonly next?: string | undefined;
}

/** Every record once, newest first, whatever arrives in the meantime; reading again from a position repeats them. */
export interface RecordPages {
  /** @throws when storage fails */
  page(question: RecordsQuestion, position: string | undefined): Promise<ExportedPage>;
}

/** Rows of a page are held packed, so that only one text at a time is large: usually 2 KB each, 64 KB at most. */
const pageRecords = 500;
const pointReadsAtOnce = 16;

const cursorsSchema = z.record(
  z.string(),
  z.union([z.strictObject({ past: z.string() }), z.strictObject({ month: z.string(), token: z.string() })]),
);

export function createRecordPages(deps: QueryDeps): RecordPages {
  return {
    async page({ tenantId, filters, ingestedThrough: snapshot, completeThrough, withTexts }, position) {
      const cursors = cursorsSchema.parse(JSON.parse(position ?? '{}'));
      const page = {
        tenantId,
        filters,
        top: pageRecords,
        position: { snapshot, completeThrough, cursors },
        withTexts,
      };
      const { records, next } = await listRecords(deps, page);
      const exported = await pMap(records, (record) => toExported(deps, record, withTexts), {
        concurrency: pointReadsAtOnce,
      });
      return { records: exported, next: next && JSON.stringify(next.cursors ?? {}) };
    },
  };
}

async function toExported(deps: QueryDeps, record: FoundRecord, withText: boolean): Promise<ExportedRecord> {
  const timeRow = withText ? await timeRowOf(deps.index, record) : undefined;
  const text = async () => {
    const row = timeRow ?? (await timeRowOf(deps.index, record));
    if (row === undefined) throw new Error('A record has no row that holds its text.');
    return await exactText(deps.raw, row);
  };
  return { record: record.isLegacy ? completedFromText(record, wholeText(await text())) : record, text };
}
