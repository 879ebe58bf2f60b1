/** Runs a batch: starts an operation in each tenant of a set, a few at once, and follows them to their ends. */
import pMap from 'p-map';
import type { Budget } from '../budget.ts';
import type { Ending, Operation } from '../operations/operation.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import type { OperationStore } from '../operations/operation-store.ts';
import { atAnyTime, type OperationWork, type Outcome } from '../operations/run-operation.ts';
import type { Children } from './children.ts';
import { isOpen, type Member, type MemberStatus } from './member.ts';

export interface BatchState {
  readonly members: readonly Member[];
}

/** What is special about batches of one kind. */
export interface BatchWork<R, S extends BatchState> {
  readonly store: OperationStore<R, S>;
  readonly children: (batch: Batch<R>) => Children;
  /** How it ends once nothing is left to do in any tenant. */
  readonly endOf: (members: readonly Member[]) => Ending;
}

/** What children are made of. */
export type Batch<R> = Pick<Operation<R, unknown>, 'id' | 'request' | 'createdBy'>;

/** Tenants in which operations work at the same time. Those that wait for Microsoft do not count. */
export const workingAtOnce = 10;
/** Of those that wait, this many are visited each time, in turn. */
const waitingVisited = 40;
const visitsAtOnce = 16;
const workingWaitMs = 10_000;
const idleWaitMs = 60_000;
/** How long a batch tries again what fails in a tenant, since it failed first without a success in between. */
const triedForMs = 24 * 60 * 60_000;

export function batchWork<R, S extends BatchState>(batch: BatchWork<R, S>): OperationWork<R, S, undefined> {
  const { store } = batch;
  return { store, inTurn: atAnyTime, work: (run, { budget }) => workThrough(batch, run, budget) };
}

async function workThrough<R, S extends BatchState>(
  batch: BatchWork<R, S>,
  run: OperationRun<R, S>,
  budget: Budget,
): Promise<Outcome<S>> {
  const children = batch.children(run.operation());
  const { number } = run;
  const isResumed = run.operation().handedOverBy < number - 1;
  for (let round = number; ; round++) {
    if (run.operation().cancelRequested) return await cancelAll(children, run);
    // Before anything is started: a cancellation then knows what may have been.
    await keep(run, begun(run.operation().state.members));
    const resumes = isResumed && round === number;
    await keep(run, await visited(children, run.operation(), { round, resumes }));
    const { state } = run.operation();
    if (!state.members.some(isOpen)) return { ...batch.endOf(state.members), state };
    if (budget.aborted) return { waitMs: 0 };
    if (!canContinue(state.members)) return { waitMs: waitOf(state.members) };
  }
}

/** Whether there is something to begin at once. While something fails, it may fail everywhere: one round after the other. */
function canContinue(members: readonly Member[]): boolean {
  return roomIn(members) > 0 && members.some(isNew) && !members.some(isFailing);
}

/** The state of a batch that is ended by anything but its own work: nothing is open anymore. */
export function closeBatch<S extends BatchState>(state: S): S {
  const members = state.members.map((member) => (isOpen(member) ? givenUp(member) : member));
  return { ...state, members };
}

/** A small write if nothing has changed, and a proof that this is still the newest run. */
async function keep<R, S extends BatchState>(
  run: OperationRun<R, S>,
  members: readonly Member[],
): Promise<void> {
  const { state } = run.operation();
  const isSame = members.every((member, at) => isEqual(member, state.members[at]));
  await run.save(isSame ? {} : { state: { ...state, members } });
}

function isEqual(member: Member, before: Member | undefined): boolean {
  return (
    member.status === before?.status && member.failingSince?.getTime() === before.failingSince?.getTime()
  );
}

const isNew = ({ status }: Member) => status === 'NotStarted';
const isWorking = ({ status }: Member) => status === 'Running';
const isFailing = ({ status }: Member) => status === 'Failing';
const givenUp = ({ tenantId }: Member): Member => ({ tenantId, status: 'GivenUp' });

function roomIn(members: readonly Member[]): number {
  return Math.max(0, workingAtOnce - members.filter(isWorking).length);
}

function waitOf(members: readonly Member[]): number {
  return members.some(isWorking) || members.some(isNew) ? workingWaitMs : idleWaitMs;
}

/** With the next ones that there is room for. */
function begun(members: readonly Member[]): readonly Member[] {
  const next = new Set(members.filter(isNew).slice(0, roomIn(members)));
  return members.map((member) => (next.has(member) ? { ...member, status: 'Running' } : member));
}

interface Visit {
  readonly round: number;
  readonly resumes: boolean;
}

async function visited<S extends BatchState>(
  children: Children,
  batch: Operation<unknown, S>,
  { round, resumes }: Visit,
): Promise<readonly Member[]> {
  const { members } = batch.state;
  const having = (wanted: MemberStatus) => members.filter(({ status }) => status === wanted);
  const room = roomIn(members);
  // What is blocked may begin as soon as the other operation has ended.
  const begun = (['Blocked', 'Failing'] as const).flatMap((one) => inTurn(having(one), round).slice(0, room));
  const due = new Set([...having('Running'), ...inTurn(having('Waiting'), round), ...begun]);
  const after = await withStatuses(members, due, ({ tenantId }) => children.advance(tenantId, resumes));
  return after.map((member, at) => {
    const before = members[at];
    return before !== undefined && due.has(before) ? aged(member, before, batch.lastActionDateTime) : member;
  });
}

/** The member after a visit. @param now when the batch was saved last, which is just before its visits */
function aged(member: Member, before: Member, now: Date): Member {
  const { tenantId, status } = member;
  if (!isFailing(member)) return { tenantId, status };
  if (!isFailing(before)) return { ...member, failingSince: now };
  const { failingSince = now } = before;
  const isLate = now.getTime() - failingSince.getTime() > triedForMs;
  return isLate ? givenUp(member) : { ...member, failingSince };
}

/** Some of them: after a few rounds, it was the turn of each. */
function inTurn(waiting: readonly Member[], round: number): readonly Member[] {
  const turns = Math.max(1, Math.ceil(waiting.length / waitingVisited));
  const from = (round % turns) * waitingVisited;
  return waiting.slice(from, from + waitingVisited);
}

async function withStatuses(
  members: readonly Member[],
  which: ReadonlySet<Member>,
  statusOf: (member: Member) => Promise<MemberStatus>,
): Promise<readonly Member[]> {
  return await pMap(
    members,
    async (member) => (which.has(member) ? { ...member, status: await statusOf(member) } : member),
    { concurrency: visitsAtOnce },
  );
}

const canceledBetweenSaves = 200;

/** @throws AggregateError of what failed in some tenants, once everything else is canceled: the next run tries it again */
async function cancelAll<R, S extends BatchState>(
  children: Children,
  run: OperationRun<R, S>,
): Promise<Outcome<S>> {
  const errors = new Map<string, unknown>();
  const cancel = async ({ tenantId, status }: Member): Promise<MemberStatus> => {
    // Nothing was begun there, and no run that could begin it can save anymore.
    if (status === 'NotStarted' || status === 'Blocked') return 'Canceled';
    return await children.cancel(tenantId).catch((error: unknown) => {
      errors.set(tenantId, error);
      return status;
    });
  };
  for (;;) {
    const { members } = run.operation().state;
    const left = members.filter((member) => isOpen(member) && !errors.has(member.tenantId));
    if (left.length === 0) break;
    await keep(run, await withStatuses(members, new Set(left.slice(0, canceledBetweenSaves)), cancel));
  }
  if (errors.size > 0) throw new AggregateError(errors.values(), 'Some operations could not be canceled.');
  return { status: 'Canceled', state: run.operation().state };
}
