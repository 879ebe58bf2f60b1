/** Reads the next pages of a query: what becomes one landing, and what is refused. */
import { onRefusal, type UpstreamError } from '../errors.ts';
import type { Refusal } from '../imports/import.ts';
import { takeFields, type Expected } from '../imports/take-record.ts';
import { createGzipSink } from '../landing/gzip.ts';
import type { FoundPage, FoundRow } from './audit-search.ts';
import type { CompletedReading } from './backfill.ts';
import { addRows } from './row-sums.ts';

/** Pages of a query. */
export interface PageStretch {
  readonly pages: number;
  /** The reading, with these pages. */
  readonly reading: CompletedReading;
  /** Records to land, in Microsoft's order. */
  readonly records: number;
  readonly textBytes: number;
  /** SHA-256 of their text, hex. */
  readonly textSha256: string;
  /** Their text, one a line, as gzip. */
  readonly body: Buffer;
  readonly refused: readonly Refusal['reason'][];
  /** Where the next page is; absent if this was the last one. */
  readonly next: string | undefined;
  /** Why the page at `next` could not be read. */
  readonly refusal: UpstreamError | undefined;
}

export interface PageStretchLimits {
  /** It ends with the page that exceeds one of them. */
  readonly textBytes: number;
  readonly rows: number;
  /** Or, where an earlier attempt ended it: after so many pages. */
  readonly pages: number | undefined;
  /** It ends when this is spent. */
  readonly signal: AbortSignal;
}

export interface StretchBegin {
  readonly reading: CompletedReading;
  /** Where its first page is. */
  readonly next?: string | undefined;
}

/** Memory is bounded by a page and the compressed text of the stretch. @throws an error other than an UpstreamError */
export async function readStretch(
  pages: AsyncIterable<FoundPage>,
  { reading, next }: StretchBegin,
  expected: Expected,
  limits: PageStretchLimits,
): Promise<PageStretch> {
  const writer = createWriter(expected);
  let so: Pick<PageStretch, 'pages' | 'reading' | 'next'> = { pages: 0, reading, next };
  const read = async () => {
    for await (const page of pages) {
      await writer.add(page.rows);
      so = { ...so, pages: so.pages + 1, reading: addRows(so.reading, page.rows), next: page.next };
      const rows = so.reading.rows - reading.rows;
      if (isFull({ pages: so.pages, rows, textBytes: writer.textBytes() }, limits)) return undefined;
    }
    return undefined;
  };
  const refusal = await read().catch(onRefusal((found) => found));
  return { ...so, refusal, ...(await writer.finish()) };
}

function isFull(
  so: { readonly pages: number; readonly rows: number; readonly textBytes: number },
  limits: PageStretchLimits,
): boolean {
  if (limits.pages !== undefined) return so.pages >= limits.pages;
  return so.textBytes >= limits.textBytes || so.rows >= limits.rows || limits.signal.aborted;
}

const lineEnd = Buffer.from('\n');

function createWriter(expected: Expected) {
  const sink = createGzipSink();
  const refused: Refusal['reason'][] = [];
  let records = 0;
  return {
    textBytes: () => sink.textBytes,
    async add(rows: readonly FoundRow[]): Promise<void> {
      for (const { fields } of rows) {
        const taken = takeFields(fields, expected);
        if ('reason' in taken) {
          refused.push(taken.reason);
          continue;
        }
        const line = Buffer.concat([taken.text, lineEnd]);
        await sink.write(line);
        records++;
      }
    },
    finish: async () => {
      const { textBytes } = sink;
      return { records, refused, textBytes, ...(await sink.finish()) };
    },
  };
}
