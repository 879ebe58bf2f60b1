/** Registers row after row, from where the last run stopped. */
import type { Budget } from '../budget.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import type { OperationWork, Outcome } from '../operations/run-operation.ts';
import type { ConsentByRelationshipDeps } from '../partner-center/consent-by-relationship.ts';
import type {
  Onboarding,
  OnboardingRequest,
  OnboardingState,
  OnboardingStore,
  RowResult,
} from './onboarding.ts';
import { onboardRow, type RowWaiting } from './onboard-row.ts';

export interface OnboardingWorkDeps extends ConsentByRelationshipDeps {
  readonly onboardings: OnboardingStore;
}

/** Rows of one run, so that other work gets its turn; each of them sends some ten requests to Microsoft. */
export const rowsPerRun = 20;
/** Between two runs: polls and checks of the tenants that were registered begin meanwhile. */
export const pauseMs = 5000;
/** How often a row waits for Microsoft before it counts as refused; the others are done meanwhile. */
export const mostWaits = 5;

type OnboardingRun = OperationRun<OnboardingRequest, OnboardingState>;

export function onboardingWork(
  deps: OnboardingWorkDeps,
): OperationWork<OnboardingRequest, OnboardingState, undefined> {
  return {
    store: deps.onboardings,
    inTurn: (_one, _budget, run) => run(undefined),
    work: (run, { budget }) => work({ ...deps, budget }, run, budget),
  };
}

/** At least one row, so that every run gets further. */
async function work(
  deps: OnboardingWorkDeps,
  run: OnboardingRun,
  budget: Budget,
): Promise<Outcome<OnboardingState>> {
  for (let rows = 0; rows < rowsPerRun && (rows === 0 || !budget.aborted); rows++) {
    const next = nextRow(run.operation());
    if (next === undefined) break;
    const waitMs = next.until.getTime() - deps.now().getTime();
    if (waitMs > 0) return { waitMs };
    const throttledMs = await takeRow(deps, run, next);
    if (throttledMs > 0) return { waitMs: throttledMs };
  }
  const one = run.operation();
  if (nextRow(one) === undefined) return { status: 'Succeeded', state: one.state };
  return { waitMs: one.request.dryRun ? 0 : pauseMs };
}

interface OpenRow {
  readonly at: number;
  readonly times: number;
  readonly until: Date;
}

/** The first one that has waited least; undefined when all have results. */
function nextRow({ request, state }: Onboarding): OpenRow | undefined {
  const waiting = new Map((state.waiting ?? []).map((each) => [each.at, each]));
  const open = request.tenants.flatMap((_, at): readonly OpenRow[] =>
    isDone(state, at) ? [] : [waiting.get(at) ?? { at, times: 0, until: new Date(0) }],
  );
  return open.reduce<OpenRow | undefined>(
    (least, each) => (least === undefined || each.times < least.times ? each : least),
    undefined,
  );
}

function isDone({ results }: OnboardingState, at: number): boolean {
  return (results[at] ?? null) !== null;
}

/**
 * Every row begins after a write of this run, so that only the newest run registers.
 * @returns how long all rows have to wait, as Microsoft throttles; 0: not at all
 */
async function takeRow(deps: OnboardingWorkDeps, run: OnboardingRun, row: OpenRow): Promise<number> {
  const { state } = run.operation();
  const found = await onboardRow(deps, run.operation(), row.at);
  if (!isWaiting(found) || row.times >= mostWaits) {
    await run.save({ state: withResult(state, row.at, isWaiting(found) ? found.otherwise : found) });
    return 0;
  }
  const until = new Date(deps.now().getTime() + found.waitMs);
  const waiting = [...othersIn(state, row.at), { at: row.at, times: row.times + 1, until }];
  await run.save({ state: { ...state, waiting } });
  return found.isThrottled ? found.waitMs : 0;
}

function withResult(state: OnboardingState, at: number, result: RowResult): OnboardingState {
  const length = Math.max(state.results.length, at + 1);
  const results = Array.from({ length }, (_, each) => (each === at ? result : (state.results[each] ?? null)));
  return { results, waiting: othersIn(state, at) };
}

function othersIn({ waiting = [] }: OnboardingState, at: number) {
  return waiting.filter((each) => each.at !== at);
}

function isWaiting(found: RowResult | RowWaiting): found is RowWaiting {
  return 'waitMs' in found;
}
