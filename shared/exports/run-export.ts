/** Carries an export on, message by message, in bounded memory and from wherever it was left. */
import type { LandingStore } from '../landing/landing.ts';
import type { Telemetry } from '../telemetry.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import {
  exportFileName,
  SupersededExportError,
  type Export,
  type ExportFiles,
  type ExportMessage,
  type ExportQueue,
  type ExportRun,
  type ExportStore,
} from './export.ts';
import { filtersOf } from './export-request.ts';
import { blockCount, blockIdsOf, createFileWriter, type FileWriter } from './file-writer.ts';
import { fileFormat } from './formats.ts';
import type { ExportedPage, RecordPages, RecordsQuestion } from './record-pages.ts';

export interface RunExportDeps {
  readonly exports: ExportStore;
  readonly exportFiles: ExportFiles;
  readonly pages: RecordPages;
  readonly landings: LandingStore;
  readonly tenants: TenantStore;
  readonly queues: ExportQueue;
  readonly telemetry: Telemetry;
  /** How long one message works before it hands the rest to the next. */
  readonly exportBudgetMs: number;
  /** How long a file is kept after the last work on it. */
  readonly exportKeepMs: number;
  readonly now: () => Date;
}

/** What a kill costs at most, where records are few and far between. */
const saveEveryMs = 30_000;
/** Blob Storage's limit; at 4 MiB a block, 200 GB. */
const maxBlocks = 50_000;
/** Deliveries of one message, each a run, before it is sent anew; the fifth would make it poison. */
const maxDeliveries = 3;
/** Runs in a row that saved nothing. */
const maxRunsInVain = 20;
/** What was landed before the export began is waited for so long. */
const indexingPatienceMs = 5 * 60_000;
const indexingWaitMs = 10_000;

/**
 * Writes until the budget is spent or the file is whole. Ends quietly when another run has taken over, or the export
 * was canceled or removed.
 * @throws when storage fails: the message comes again and goes on from what was saved
 */
export async function runExport(deps: RunExportDeps, message: ExportMessage): Promise<void> {
  const run = await deps.exports.takeOver(message.tenantId, message.exportId);
  if (run === undefined) return;
  const next: ExportMessage = { ...message, after: run.number };
  try {
    const waitMs = await carryOn(deps, run, message);
    if (waitMs !== undefined) await deps.queues.requestExportRun(next, waitMs);
  } catch (error) {
    if (!(error instanceof SupersededExportError)) throw error;
  }
}

/** How long to wait before the next message; undefined when none is needed. */
async function carryOn(
  deps: RunExportDeps,
  run: ExportRun,
  { after = 0 }: ExportMessage,
): Promise<number | undefined> {
  const { tenantId, progress } = run.export;
  if (run.number - progress.savedBy > maxRunsInVain) {
    await fail(deps, run, stalled);
    return undefined;
  }
  // A host that is killed has had the message delivered, too: that must not make it poison.
  if (run.number - after > maxDeliveries) return 0;
  // What is written for a tenant that is being removed would outlive it.
  if ((await findManagedTenant(deps.tenants, tenantId)) === undefined) return undefined;
  if (await awaitsIndexing(deps, run.export)) {
    await run.save(worked(deps, run, {}));
    return indexingWaitMs;
  }
  return await write(deps, run);
}

async function awaitsIndexing({ landings, now }: RunExportDeps, one: Export): Promise<boolean> {
  if (one.progress.position !== undefined || one.progress.isRead) return false;
  if (now().getTime() - one.createdDateTime.getTime() > indexingPatienceMs) return false;
  const waiting = await landings.unindexed(one.tenantId);
  return waiting.some(({ landedAt }) => landedAt <= one.ingestedThrough);
}

async function write(deps: RunExportDeps, run: ExportRun): Promise<number | undefined> {
  const deadline = deps.now().getTime() + deps.exportBudgetMs;
  const writing = await openWriting(deps, run);
  let current = run.export;
  let { isRead } = writing.writer.begun;
  while (!isRead) {
    isRead = await writePage(deps, writing);
    const isLate = deps.now().getTime() >= deadline;
    if (!isRead && !isLate && !isWorthSaving(deps, writing)) continue;
    current = worked(deps, run, { progress: await progressOf(deps, writing, isRead) });
    await run.save(current);
    if (blockCount(current.progress.blocks) >= maxBlocks) {
      await fail(deps, run, { ...current, ...tooLarge });
      return undefined;
    }
    if (!isRead && isLate) return 0;
  }
  const ids = blockIdsOf(current.progress.blocks);
  await deps.exportFiles.commit(exportFileName(current), ids, fileFormat(current.request).mediaType);
  await finish(deps, run, { ...current, status: 'Succeeded', sha256: writing.writer.digest() });
  return undefined;
}

/** What a run holds of an export: it is saved now and then. */
interface Writing {
  readonly run: ExportRun;
  readonly writer: FileWriter;
  readonly question: RecordsQuestion;
  position: string | undefined;
  records: number;
  newest: Date | undefined;
  oldest: Date | undefined;
  savedAt: Date;
}

async function openWriting(deps: RunExportDeps, run: ExportRun): Promise<Writing> {
  const { tenantId, request, ingestedThrough, progress } = run.export;
  const format = fileFormat(request);
  const name = exportFileName(run.export);
  const writer = await createFileWriter({ files: deps.exportFiles, name, run: run.number, progress });
  const { position, records, newest, oldest, bytes } = writer.begun;
  if (bytes === 0) await writer.append(format.head);
  const { withTexts } = format;
  const question = { tenantId, filters: filtersOf(request.filters), ingestedThrough, withTexts };
  return { run, writer, question, position, records, newest, oldest, savedAt: deps.now() };
}

/** Whether that was the last one. */
async function writePage(deps: RunExportDeps, writing: Writing): Promise<boolean> {
  const format = fileFormat(writing.run.export.request);
  const page: ExportedPage = await deps.pages.page(writing.question, writing.position);
  for (const record of page.records) await writing.writer.append(await format.line(record));
  writing.records += page.records.length;
  writing.newest ??= page.records[0]?.record.createdDateTime;
  writing.oldest = page.records.at(-1)?.record.createdDateTime ?? writing.oldest;
  writing.position = page.next;
  return page.next === undefined;
}

function isWorthSaving({ now }: RunExportDeps, { writer, savedAt }: Writing): boolean {
  return writer.hasBlock() || now().getTime() - savedAt.getTime() >= saveEveryMs;
}

async function progressOf(
  { now }: RunExportDeps,
  writing: Writing,
  isRead: boolean,
): Promise<Export['progress']> {
  const { run, position, records, newest, oldest } = writing;
  const written = await writing.writer.flush();
  writing.savedAt = now();
  return { ...written, position, isRead, records, newest, oldest, savedBy: run.number };
}

/** The export as it is after work on it. */
function worked({ now, exportKeepMs }: RunExportDeps, run: ExportRun, changes: Partial<Export>): Export {
  const progress = { ...run.export.progress, ...changes.progress, savedBy: run.number };
  return {
    ...{ ...run.export, status: 'Running', ...changes, progress },
    lastActionDateTime: now(),
    expiresDateTime: new Date(now().getTime() + exportKeepMs),
  };
}

async function finish(deps: RunExportDeps, run: ExportRun, changes: Partial<Export>): Promise<void> {
  const finished = worked(deps, run, { ...changes, completedDateTime: deps.now() });
  await run.save(finished);
  const { tenantId, exportId, status, progress } = finished;
  deps.telemetry('exports.operation.finished', {
    ...{ tenantId, exportId, status, runs: run.number },
    ...{ records: progress.records, bytes: progress.bytes },
    durationMs: deps.now().getTime() - finished.createdDateTime.getTime(),
  });
}

type Failure = Pick<Export, 'errorCode' | 'errorMessage'>;

const tooLarge: Failure = {
  errorCode: 'ExportTooLarge',
  errorMessage: 'The file would be larger than storage allows. Export parts of it, with from and to.',
};
const stalled: Failure = {
  errorCode: 'ExportStalled',
  errorMessage: 'The export came no further in many attempts. Start another one.',
};

async function fail(deps: RunExportDeps, run: ExportRun, failed: Partial<Export>): Promise<void> {
  await finish(deps, run, { ...failed, status: 'Failed' });
  await deps.exportFiles.remove(exportFileName(run.export));
}
