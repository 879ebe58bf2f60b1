/** All records that pass filters as one answer, for callers on a command line. */
import { withKnownNames } from '../query/known-names.ts';
import type { NameDirectory } from '../tenants/name-directory.ts';
import { fileFormat, type FileFormat, type LineForm } from './formats.ts';
import type { ExportedPage, RecordPages, RecordsQuestion } from './record-pages.ts';

export interface StreamRecordsDeps {
  readonly pages: RecordPages;
  readonly names: NameDirectory;
  readonly now: () => Date;
  /** A function, and so the caller's wait, ends after ten minutes. */
  readonly streamBudgetMs: number;
}

export type RecordStreamQuestion = Pick<RecordsQuestion, 'tenantId' | 'filters' | 'completeThrough'> &
  LineForm & {
    /** Runs what reads a page after the first: the caller may have to wait for it. */
    readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  };

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
  { tenantId, filters, completeThrough, inTurn, ...form }: RecordStreamQuestion,
): Promise<StreamedRecords> {
  const format = fileFormat(form);
  const widened = await withKnownNames(deps.names, [tenantId], filters);
  const asOf = { ingestedThrough: deps.now(), completeThrough };
  const question = { tenantId, filters: widened, ...asOf, withTexts: format.withTexts };
  const first = await deps.pages.page(question, undefined);
  const nextPage = (next: string) => inTurn(() => deps.pages.page(question, next));
  const deadline = question.ingestedThrough.getTime() + deps.streamBudgetMs;
  const hasTime = () => deps.now().getTime() < deadline;
  return { format, body: chunksOf(format, first, { nextPage, hasTime }) };
}

/** Pieces of about this size: every one costs the host a message. */
const pieceBytes = 64 * 1024;

async function* chunksOf(
  format: FileFormat,
  first: ExportedPage,
  rest: { readonly nextPage: (next: string) => Promise<ExportedPage>; readonly hasTime: () => boolean },
): AsyncGenerator<Buffer> {
  let [held, heldBytes] = [[format.head], format.head.length];
  for (let page = first; ; page = await rest.nextPage(page.next)) {
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
    if (!rest.hasTime()) throw new StreamTooLongError();
  }
}
