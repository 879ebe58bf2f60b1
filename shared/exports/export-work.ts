/** Writes the file of an export, run by run, in bounded memory and from where the last run stopped. */
import type { Budget } from '../budget.ts';
import { awaitsIndexing, indexingWaitMs } from '../landing/awaits-indexing.ts';
import type { LandingStore } from '../landing/landing.ts';
import type { OperationEffects } from '../operations/end-operation.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import { whileManaged, type OperationWork, type Outcome } from '../operations/run-operation.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import {
  exportFileName,
  noProgress,
  type Export,
  type ExportFiles,
  type ExportProgress,
  type ExportRequest,
  type ExportState,
  type ExportStore,
} from './export.ts';
import { rangedFiltersOf } from './ranged-filters.ts';
import { blockCount, blockIdsOf, createFileWriter, type FileWriter } from './file-writer.ts';
import type { FileEncoder, FileForm } from './file-form.ts';
import { fileForm } from './file-forms.ts';
import type { RecordPages, RecordsQuestion } from './record-pages.ts';

export interface ExportEffectsDeps {
  readonly exports: ExportStore;
  readonly exportFiles: ExportFiles;
}

export interface ExportWorkDeps extends ExportEffectsDeps {
  readonly pages: RecordPages;
  readonly landings: LandingStore;
  readonly tenants: TenantStore;
  readonly now: () => Date;
}

type ExportRun = OperationRun<ExportRequest, ExportState>;

/** What a kill costs at most, where records are few and far between. */
const saveEveryMs = 30_000;
/** Blob Storage's limit; at 4 MiB a block, 200 GB. */
const maxBlocks = 50_000;

export function exportEffects({
  exports,
  exportFiles,
}: ExportEffectsDeps): OperationEffects<ExportRequest, ExportState> {
  return {
    store: exports,
    discard: (one) => exportFiles.remove(exportFileName(one)),
    measure: ({ state: { progress } }) => ({ records: progress.records, bytes: progress.bytes }),
  };
}

export function exportWork(deps: ExportWorkDeps): OperationWork<ExportRequest, ExportState, undefined> {
  return {
    ...exportEffects(deps),
    inTurn: whileManaged(deps),
    work: async (run, { budget }) =>
      (await mustWait(deps, run.operation()))
        ? { waitMs: indexingWaitMs }
        : await writeFile(deps, run, budget),
  };
}

async function mustWait(deps: ExportWorkDeps, one: Export): Promise<boolean> {
  const { tenantId, createdDateTime: requestedAt, state } = one;
  const { ingestedThrough, progress } = state;
  if (progress.position !== undefined || progress.isRead) return false;
  return await awaitsIndexing(deps, { tenantId, requestedAt, ingestedThrough });
}

async function writeFile(
  deps: ExportWorkDeps,
  run: ExportRun,
  budget: Budget,
): Promise<Outcome<ExportState>> {
  const writing = await openWriting(deps, run);
  let { isRead } = writing.writer.begun;
  while (!isRead) {
    isRead = await writePage(deps, writing);
    if (!isRead && !budget.aborted && !isWorthSaving(deps, writing)) continue;
    const { state } = run.operation();
    await run.save({ state: { ...state, progress: await progressOf(deps, writing, isRead) } });
    if (blockCount(run.operation().state.progress.blocks) >= maxBlocks) return tooLarge(run);
    if (!isRead && budget.aborted) return { waitMs: 0 };
  }
  const one = run.operation();
  const ids = blockIdsOf(one.state.progress.blocks);
  await deps.exportFiles.commit(exportFileName(one), ids, fileForm(one.request).mediaType);
  return { status: 'Succeeded', state: { ...one.state, sha256: writing.writer.digest() } };
}

function tooLarge({ operation }: ExportRun): Outcome<ExportState> {
  return {
    status: 'Failed',
    state: operation().state,
    errorCode: 'ExportTooLarge',
    errorMessage: 'The file would be larger than storage allows. Export parts of it, with from and to.',
  };
}

/** What a run holds of an export between two saves. */
interface Writing {
  readonly one: Export;
  readonly writer: FileWriter;
  readonly encoder: FileEncoder;
  readonly question: RecordsQuestion;
  position: string | undefined;
  records: number;
  newest: Date | undefined;
  oldest: Date | undefined;
  savedAt: Date;
}

async function openWriting(deps: ExportWorkDeps, run: ExportRun): Promise<Writing> {
  const one = run.operation();
  const { tenantId, request, state } = one;
  const form = fileForm(request);
  const name = exportFileName(one);
  const { progress, ingestedThrough, completeThrough } = state;
  const known = (await form.open(progress.encoderState)) === undefined ? noProgress : progress;
  const writer = await createFileWriter({ files: deps.exportFiles, name, run: run.number, progress: known });
  const encoder = await continued(form, writer.begun);
  const { position, records, newest, oldest, bytes } = writer.begun;
  if (bytes === 0) await writer.append(encoder.begin());
  const filters = { ...rangedFiltersOf(one), ...state.names };
  const question = { tenantId, filters, ingestedThrough, completeThrough, withTexts: form.withTexts };
  return { one, writer, encoder, question, position, records, newest, oldest, savedAt: deps.now() };
}

async function continued(form: FileForm, { encoderState }: ExportProgress): Promise<FileEncoder> {
  const encoder = await form.open(encoderState);
  if (encoder === undefined) throw new Error('The state of the file was read before, and is not valid now.');
  return encoder;
}

/** Whether that was the last one. */
async function writePage(deps: ExportWorkDeps, writing: Writing): Promise<boolean> {
  const { writer, encoder } = writing;
  const page = await deps.pages.page(writing.question, writing.position);
  for (const record of page.records) await writer.append(await encoder.add(record));
  writing.records += page.records.length;
  writing.newest ??= page.records[0]?.record.createdDateTime;
  writing.oldest = page.records.at(-1)?.record.createdDateTime ?? writing.oldest;
  writing.position = page.next;
  if (page.next !== undefined) return false;
  await writer.append(encoder.end());
  return true;
}

function isWorthSaving({ now }: ExportWorkDeps, { writer, savedAt }: Writing): boolean {
  return writer.hasBlock() || now().getTime() - savedAt.getTime() >= saveEveryMs;
}

async function progressOf(
  { now }: ExportWorkDeps,
  writing: Writing,
  isRead: boolean,
): Promise<ExportProgress> {
  const { position, records, newest, oldest } = writing;
  const written = await writing.writer.flush();
  writing.savedAt = now();
  const encoderState = isRead ? undefined : writing.encoder.state();
  return { ...written, encoderState, position, isRead, records, newest, oldest };
}
