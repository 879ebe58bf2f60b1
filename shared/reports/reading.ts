/** Reads the records of a report page by page; what was read survives the run. */
import * as z from 'zod';
import { knownNamesSchema, type ExportFiles } from '../exports/export.ts';
import type { RecordPages } from '../exports/record-pages.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import { knownNames } from '../query/known-names.ts';
import { inputsOf, type InputsDeps } from './inputs-of-run.ts';
import { readJson, removeRunFile, runFileName, writeJson } from './report-files.ts';
import { maxStateBytes, type OpenedCollector, type ReportKind, type Scan } from './report-kind.ts';
import type { ReportOperation, ReportRequest, ReportState } from './report.ts';

export interface ReadingDeps extends InputsDeps {
  readonly pages: RecordPages;
  readonly exportFiles: ExportFiles;
  readonly now: () => Date;
}

type ReportRun = OperationRun<ReportRequest, ReportState>;

/** What a run holds between two saves. */
export interface Reading {
  readonly collector: OpenedCollector;
  /** Of the present scan; absent at its beginning. Opaque to all but {@link RecordPages}. */
  position: string | undefined;
  /** Those that the filters of the present scan were widened to when it began. */
  names: z.output<typeof knownNamesSchema>;
  /** Read so far, over all scans. */
  records: number;
  savedAt: number;
}

/** Position and collector belong together, because they are in one file. */
const checkpointSchema = z.strictObject({
  position: z.string().optional(),
  names: knownNamesSchema,
  records: z.int(),
  collector: z.string(),
});

/** Continues where the last run saved it, or begins. @throws when storage fails */
export async function openReading(deps: ReadingDeps, run: ReportRun, kind: ReportKind): Promise<Reading> {
  const one = run.operation();
  const inputs = await inputsOf(deps, run, kind);
  const { checkpoint } = one.state;
  const found =
    checkpoint === undefined
      ? undefined
      : await readJson(deps.exportFiles, runFileName(one, checkpoint, 'checkpoint'), checkpointSchema);
  const continued = found && kind.open(inputs, found.collector);
  const savedAt = deps.now().getTime();
  if (found !== undefined && continued !== undefined)
    return { collector: continued, savedAt, ...placeIn(found) };
  // The first run; or another version of the app wrote what cannot be continued.
  const collector = kind.open(inputs, undefined);
  if (collector === undefined) throw new Error('A new collector needs no state.');
  return { collector, savedAt, position: undefined, names: undefined, records: 0 };
}

type Place = Pick<Reading, 'position' | 'names' | 'records'>;

function placeIn({ position, names, records }: z.output<typeof checkpointSchema>): Place {
  return { position, names, records };
}

interface Page {
  readonly one: ReportOperation;
  readonly scan: Scan;
}

/** Reads a page of the scan, and ends that after the last one. @throws when storage fails */
export async function readPage(deps: ReadingDeps, reading: Reading, { one, scan }: Page): Promise<void> {
  const { tenantId, request, state } = one;
  const { ingestedThrough, completeThrough } = state;
  const { withTexts } = scan;
  reading.names ??= await knownNames(deps.names, [tenantId], scan.filters);
  const filters = { from: request.from, to: request.to, ...scan.filters, ...reading.names };
  const question = { tenantId, filters, ingestedThrough, completeThrough, withTexts };
  const page = await deps.pages.page(question, reading.position);
  for (const { record, text } of page.records)
    reading.collector.add(record, withTexts ? await text() : undefined);
  reading.records += page.records.length;
  reading.position = page.next;
  if (page.next !== undefined) return;
  reading.collector.endScan();
  reading.names = undefined;
}

/** The file first: the row names one that is whole. False, with nothing written, if the state is too large. */
export async function saveReading(deps: ReadingDeps, run: ReportRun, reading: Reading): Promise<boolean> {
  const one = run.operation();
  const { position, names, records, collector } = reading;
  const state = collector.state();
  if (!isSavable(state)) return false;
  const json = JSON.stringify({ position, names, records, collector: state });
  await writeJson(deps.exportFiles, runFileName(one, run.number, 'checkpoint'), json);
  const { checkpoint: before } = one.state;
  await run.save({ state: { ...one.state, records, checkpoint: run.number } });
  if (before !== undefined && before !== run.number)
    await removeRunFile(deps.exportFiles, one, before, 'checkpoint');
  reading.savedAt = deps.now().getTime();
  return true;
}

/** Whether the state of the collector fits, so that a run could save it. It decides also where no run has to: whether a report is possible does not depend on how many runs it takes. */
export function fits({ collector }: Pick<Reading, 'collector'>): boolean {
  return isSavable(collector.state());
}

function isSavable(state: string): boolean {
  return Buffer.byteLength(state) <= maxStateBytes;
}
