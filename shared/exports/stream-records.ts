/** All records that pass filters as one answer, for whoever asks from a command line. */
import type { RecordFilters } from '../query/filters.ts';
import type { ExportFormat } from './export.ts';
import { fileFormat, type FileFormat } from './formats.ts';
import type { ExportedPage, RecordPages, RecordsQuestion } from './record-pages.ts';

export interface StreamRecordsDeps {
  readonly pages: RecordPages;
  readonly now: () => Date;
  /** A function ends after ten minutes, and whoever waits for it, too. */
  readonly streamBudgetMs: number;
}

export interface RecordStreamQuestion {
  readonly tenantId: string;
  readonly filters: RecordFilters;
  readonly format: ExportFormat;
  readonly bom: boolean;
}

/** The answer could not be given whole; what was sent of it is no answer. */
export class StreamTooLongError extends Error {
  override readonly name = 'StreamTooLongError';

  constructor() {
    super('A streamed answer did not end in time: an export has no limit.');
  }
}

export interface StreamedRecords {
  readonly format: FileFormat;
  /** Fails with {@link StreamTooLongError} when time is up: an answer is whole or visibly broken. */
  readonly body: AsyncIterable<Buffer>;
}

/** Reads the first page before it resolves. @throws when storage fails */
export async function streamRecords(
  deps: StreamRecordsDeps,
  { tenantId, filters, ...form }: RecordStreamQuestion,
): Promise<StreamedRecords> {
  const format = fileFormat(form);
  const ingestedThrough = deps.now();
  const question = { tenantId, filters, ingestedThrough, withTexts: format.withTexts };
  const first = await deps.pages.page(question, undefined);
  return { format, body: chunksOf(deps, { question, format, first }) };
}

interface Streaming {
  readonly question: RecordsQuestion;
  readonly format: FileFormat;
  readonly first: ExportedPage;
}

/** Pieces of about this size: every one costs the host a message. */
const pieceBytes = 64 * 1024;

async function* chunksOf(
  deps: StreamRecordsDeps,
  { question, format, first }: Streaming,
): AsyncGenerator<Buffer> {
  const deadline = question.ingestedThrough.getTime() + deps.streamBudgetMs;
  let page = first;
  let held = [format.head];
  let heldBytes = format.head.length;
  for (;;) {
    for (const record of page.records) {
      const line = await format.line(record);
      held.push(line);
      heldBytes += line.length;
      if (heldBytes < pieceBytes) continue;
      yield Buffer.concat(held);
      [held, heldBytes] = [[], 0];
    }
    if (heldBytes > 0) yield Buffer.concat(held);
    [held, heldBytes] = [[], 0];
    if (page.next === undefined) return;
    if (deps.now().getTime() >= deadline) throw new StreamTooLongError();
    page = await deps.pages.page(question, page.next);
  }
}
