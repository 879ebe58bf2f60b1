/** Computes a report, run by run, from where the last one stopped: the document does not depend on how often it did. */
import type { Budget } from '../budget.ts';
import { RequestError } from '../errors.ts';
import type { ExportFiles } from '../exports/export.ts';
import { awaitsIndexing, indexingWaitMs } from '../landing/awaits-indexing.ts';
import type { LandingStore } from '../landing/landing.ts';
import type { OperationEffects } from '../operations/end-operation.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import { whileManaged, type OperationWork, type Outcome } from '../operations/run-operation.ts';
import { TooManyHoldersError } from '../tenants/snapshots-around.ts';
import { fits, openReading, readPage, saveReading, type Reading, type ReadingDeps } from './reading.ts';
import { documentName, removeFiles, writeJson } from './report-files.ts';
import type { ListedKind, ReportKind } from './report-kind.ts';
import { reportOfTenant } from './report-of-tenant.ts';
import type { ReportOperation, ReportRequest, ReportState, ReportStore } from './report.ts';

export interface ReportEffectsDeps {
  readonly reports: ReportStore;
  readonly exportFiles: ExportFiles;
}

export interface ReportWorkDeps extends ReportEffectsDeps, ReadingDeps {
  readonly landings: Pick<LandingStore, 'unindexed'>;
  readonly reportKinds: readonly Pick<ListedKind, 'name' | 'load'>[];
}

type ReportRun = OperationRun<ReportRequest, ReportState>;

/** What a kill costs at most. */
const saveEveryMs = 30_000;

export function reportEffects({
  reports,
  exportFiles,
}: ReportEffectsDeps): OperationEffects<ReportRequest, ReportState> {
  return {
    store: reports,
    discard: (one) => removeFiles(exportFiles, one),
    measure: ({ state: { records, bytes } }) => ({ records, bytes }),
  };
}

export function reportWork(deps: ReportWorkDeps): OperationWork<ReportRequest, ReportState, undefined> {
  return {
    ...reportEffects(deps),
    inTurn: whileManaged(deps),
    work: async (run, { budget }) => {
      const { state, request } = run.operation();
      const kind = await deps.reportKinds.find(({ name }) => name === request.kind)?.load();
      if (kind === undefined) return { status: 'Failed', state, ...unknownKind };
      try {
        return await compute(deps, run, { kind, budget });
      } catch (error) {
        if (error instanceof TooManyHoldersError) return failed(run, tooLarge);
        if (!(error instanceof RequestError)) throw error;
        return failed(run, { errorCode: error.code, errorMessage: error.message });
      }
    },
  };
}

const unknownKind = {
  errorCode: 'ReportKindUnknown',
  errorMessage: 'This release of the app has no reports of this kind. Start another one.',
};
const tooLarge = {
  errorCode: 'ReportTooLarge',
  errorMessage: 'The report would need more memory than there is. Request a shorter range.',
};

function failed({ operation }: ReportRun, reason: typeof tooLarge): Outcome<ReportState> {
  return { status: 'Failed', state: operation().state, ...reason };
}

interface Computing {
  readonly kind: ReportKind;
  readonly budget: Budget;
}

async function compute(
  deps: ReportWorkDeps,
  run: ReportRun,
  { kind, budget }: Computing,
): Promise<Outcome<ReportState>> {
  const reading = await openReading(deps, run, kind);
  if (await mustWait(deps, run.operation(), reading)) return { waitMs: indexingWaitMs };
  for (let scan = reading.collector.next(); scan !== undefined; scan = reading.collector.next()) {
    await readPage(deps, reading, { one: run.operation(), scan });
    if (!budget.aborted && deps.now().getTime() - reading.savedAt < saveEveryMs) continue;
    if (!(await saveReading(deps, run, reading))) return failed(run, tooLarge);
    if (budget.aborted) return { waitMs: 0 };
  }
  return await finish(deps, run, { kind, reading });
}

/** Only before anything was read, and if anything is to read. */
async function mustWait(
  deps: ReportWorkDeps,
  { tenantId, createdDateTime: requestedAt, state }: ReportOperation,
  { collector }: Reading,
): Promise<boolean> {
  const { ingestedThrough, checkpoint } = state;
  if (checkpoint !== undefined || collector.next() === undefined) return false;
  return await awaitsIndexing(deps, { tenantId, requestedAt, ingestedThrough });
}

interface Finished {
  readonly kind: ReportKind;
  readonly reading: Reading;
}

async function finish(
  deps: ReportWorkDeps,
  run: ReportRun,
  { kind, reading }: Finished,
): Promise<Outcome<ReportState>> {
  if (!fits(reading)) return failed(run, tooLarge);
  const one = run.operation();
  const sections = reading.collector.sections();
  const report = reportOfTenant(one, { sections, tables: kind.tables, limits: deps.reportLimits });
  const json = JSON.stringify(report);
  await writeJson(deps.exportFiles, documentName(one), json);
  const { records } = reading;
  return { status: 'Succeeded', state: { ...one.state, records, bytes: Buffer.byteLength(json) } };
}
