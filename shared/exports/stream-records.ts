/** All records that pass filters as one answer, for callers on a command line. */
import type { ExportRequest } from './export.ts';
import { fileFormat, type FileFormat } from './formats.ts';
import type { ExportedPage, RecordPages, RecordsQuestion } from './record-pages.ts';

export interface StreamRecordsDeps {
  readonly pages: RecordPages;
  readonly now: () => Date;
  /** A function, and so the caller's wait, ends after ten minutes. */
  readonly streamBudgetMs: number;
}

export type RecordStreamQuestion = Pick<RecordsQuestion, 'tenantId' | 'filters'> &
  Pick<ExportRequest, 'format' | 'bom'>;

/** The answer did not fit into its time; the part that was sent must not be used. */
export class StreamTooLongError extends Error {
  override readonly name = 'StreamTooLongError';

  constructor() {
    super('A streamed answer did not end in time: an export has no limit.');
  }
}

export interface StreamedRecords {
  readonly format: FileFormat;
  /**
   * Fails with {@link StreamTooLongError} when the time is up: an answer is whole or visibly broken. A page without
   * records gives an empty chunk, which shows that reading continues.
   */
  readonly body: AsyncIterable<Buffer>;
}

/** Reads the first page before it resolves. @throws when storage fails */
export async function streamRecords(
  deps: StreamRecordsDeps,
  { tenantId, filters, ...form }: RecordStreamQuestion,
): Promise<StreamedRecords> {
  const format = fileFormat(form);
  const question = { tenantId, filters, ingestedThrough: deps.now(), withTexts: format.withTexts };
  const first = await deps.pages.page(question, undefined);
  return { format, body: chunksOf(deps, question, format, first) };
}

/** Pieces of about this size: every one costs the host a message. */
const pieceBytes = 64 * 1024;

async function* chunksOf(
  deps: StreamRecordsDeps,
  question: RecordsQuestion,
  format: FileFormat,
  first: ExportedPage,
): AsyncGenerator<Buffer> {
  const deadline = question.ingestedThrough.getTime() + deps.streamBudgetMs;
  let [held, heldBytes] = [[format.head], format.head.length];
  for (let page = first; ; page = await deps.pages.page(question, page.next)) {
    for (const record of page.records) {
      const line = await format.line(record);
      held.push(line);
      heldBytes += line.length;
      if (heldBytes < pieceBytes) continue;
      yield Buffer.concat(held);
      [held, heldBytes] = [[], 0];
    }
    yield Buffer.concat(held);
    [held, heldBytes] = [[], 0];
    if (page.next === undefined) return;
    if (deps.now().getTime() >= deadline) throw new StreamTooLongError();
  }
}
