/** Takes the records of an uploaded file into a tenant, run by run, in bounded memory and from where the last run stopped. */
import type { Budget } from '../budget.ts';
import { loadPart } from '../lazy.ts';
import type { LandingStore } from '../landing/landing.ts';
import { indexingDelayMs } from '../landing/pace.ts';
import type { OperationEffects } from '../operations/end-operation.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import { whileManaged, type OperationWork, type Outcome } from '../operations/run-operation.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { startsWithPlace } from './errors.ts';
import { indexedRecords, indexingWaitMs, longestIndexingMs, notIndexed, wait } from './follow-indexing.ts';
import { gather, skip, type Stretch } from './gather.ts';
import {
  countsAfter,
  refusedCount,
  uploadOf,
  type ImportProgress,
  type ImportRequest,
  type ImportState,
  type ImportStore,
} from './import.ts';
import type { PlacedText } from './json-texts.ts';
import { landStretch, type LandDeps } from './land-stretch.ts';
import { readUpload, type ImportUploads } from './upload.ts';

export interface ImportEffectsDeps {
  readonly imports: ImportStore;
  readonly uploads: ImportUploads;
}

export interface ImportWorkDeps extends ImportEffectsDeps, LandDeps {
  readonly landings: Pick<LandingStore, 'open' | 'importTotals'>;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly now: () => Date;
  readonly importLimits?: ImportLimits;
}

export interface ImportLimits {
  /** Of the rows of one landing. */
  readonly landingCharacters: number;
  /** Of a file's text, uncompressed: every run reads again what earlier ones have landed, for CSV at 17 MB a second, and has ten minutes. */
  readonly fileCharacters: number;
}

const defaultLimits: ImportLimits = {
  landingCharacters: 16 * 1024 * 1024,
  fileCharacters: 2 * 1024 * 1024 * 1024,
};

type ImportRun = OperationRun<ImportRequest, ImportState>;

/** Refusals that are listed one by one. */
const maxRefusals = 100;

export function importEffects({
  imports,
  uploads,
}: ImportEffectsDeps): OperationEffects<ImportRequest, ImportState> {
  return {
    store: imports,
    discard: (one) => uploads.remove(uploadOf(one)),
    measure: ({ state: { progress, imported = 0 } }) => ({
      read: progress.read,
      refused: refusedCount(progress),
      imported,
    }),
  };
}

export function importWork(deps: ImportWorkDeps): OperationWork<ImportRequest, ImportState, undefined> {
  return {
    ...importEffects(deps),
    inTurn: whileManaged(deps),
    work: async (run, { budget }) => {
      if (run.operation().state.readDateTime === undefined) await readRows(deps, run, budget);
      return run.operation().state.readDateTime === undefined ? { waitMs: 0 } : await conclude(deps, run);
    },
  };
}

/** Stretch by stretch, until the file ends or the budget is spent. */
async function readRows(deps: ImportWorkDeps, run: ImportRun, budget: Budget): Promise<void> {
  const one = run.operation();
  const { fileCharacters } = deps.importLimits ?? defaultLimits;
  const { readAuditRows } = await loadPart(() => import('./audit-file.ts'));
  const rows = readAuditRows(readUpload(deps.uploads, uploadOf(one), one.request.parts), fileCharacters);
  try {
    const fault = await skip(rows, one.state.progress.read);
    if (fault !== undefined) {
      await run.save({ state: { ...one.state, readDateTime: deps.now(), fault } });
      return;
    }
    // At least one, so that every run gets further.
    do await takeStretch(deps, run, rows);
    while (run.operation().state.readDateTime === undefined && !budget.aborted);
  } finally {
    await rows.return(undefined);
  }
}

async function takeStretch(
  deps: ImportWorkDeps,
  run: ImportRun,
  rows: AsyncIterator<PlacedText>,
): Promise<void> {
  const { importLimits = defaultLimits, now } = deps;
  const one = run.operation();
  const { state } = one;
  const limits = { characters: importLimits.landingCharacters, rows: rowsLeft(state) };
  const { keptFrom } = one.request;
  const expected = { tenantId: one.tenantId, now: one.createdDateTime, keptFrom };
  const stretch = await gather(rows, expected, limits);
  const progress = progressAfter(state.progress, stretch);
  if (stretch.records > 0) {
    const landedAt = state.sealing?.landedAt ?? now();
    // Proves that this run is the newest, and names the landing before anything of it is visible.
    await run.save({ state: { ...state, sealing: { landedAt, read: progress.read } } });
    const delayMs = indexingDelayMs({
      since: one.createdDateTime,
      recordsBefore: state.progress.landed,
      now: now(),
    });
    await landStretch(deps, one, { stretch, landedAt, delayMs });
  }
  const fault = typeof stretch.end === 'object' ? stretch.end.fault : undefined;
  const refusals = [...state.refusals, ...stretch.refusals].slice(0, maxRefusals);
  const end = { readDateTime: stretch.end === undefined ? undefined : now(), fault };
  await run.save({ state: { ...state, progress, refusals, sealing: undefined, ...end } });
}

/** Of the landing that an earlier run began. */
function rowsLeft({ sealing, progress }: ImportState): number | undefined {
  return sealing === undefined ? undefined : sealing.read - progress.read;
}

function progressAfter(before: ImportProgress, stretch: Stretch): ImportProgress {
  const { rows, characters, records, refusals } = stretch;
  const refused = refusals.map(({ reason }) => reason);
  return {
    read: before.read + rows,
    characters: before.characters + characters,
    ...countsAfter(before, { records, refused }),
  };
}

async function conclude(deps: ImportWorkDeps, run: ImportRun): Promise<Outcome<ImportState>> {
  const one = run.operation();
  const { progress, readDateTime = one.lastActionDateTime, fault } = one.state;
  const indexed = await indexedRecords(deps.landings, one, progress.landings);
  const now = deps.now();
  if (indexed === undefined && now.getTime() - readDateTime.getTime() < longestIndexingMs)
    return await wait(run, now, indexingWaitMs);
  await deps.uploads.remove(uploadOf(one));
  // Without counts: a record that is not indexed is neither known to be new nor a duplicate.
  if (indexed === undefined) return notIndexed('ImportNotIndexed', one.state);
  const { recordsIndexed: imported, pastRetention } = indexed;
  const state = { ...one.state, imported, pastRetention: pastRetention || undefined };
  if (fault === undefined) return { status: 'Succeeded', state };
  const errorMessage = `The file ${startsWithPlace(fault) ? 'cannot be read at ' : ''}${fault}. What was read before that is imported.`;
  return { status: 'Failed', state, errorCode: 'ImportUnreadable', errorMessage };
}
