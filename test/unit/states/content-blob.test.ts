/** From its publication in the feed to its landing or its loss: what each event does to a content blob in each state. */
import { RequestError, UpstreamError } from '../../../shared/errors.ts';
import {
  giveUpRejected,
  releaseRejected,
  type DecideDeps,
  type RejectedChoice,
} from '../../../shared/landing/decide-rejected.ts';
import type { Gap, OpenContent, SettledContent, SettledState } from '../../../shared/landing/ledger.ts';
import { pollDueTenants } from '../../../shared/landing/poll-tenants.ts';
import { rejectedId, type RejectedContent } from '../../../shared/landing/rejected-content.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { bodyOf, contentNamed, recordTexts } from '../../support/content.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { Crash, createFaults, failNext, type Faults } from '../../support/faults.ts';
import { createPollWorld } from '../../support/poll-world.ts';
import { outcome, testStates, type StateTable } from './state-table.ts';

/**
 * `landed (still open)`: the host was killed after it had settled the content blob and before it closed its open row.
 * `reopened`: lost, rejected for good or given up, with its gap, and open again.
 */
type State =
  | 'new'
  | 'pending'
  | 'rejected'
  | 'landed'
  | 'landed (still open)'
  | 'lost'
  | 'reopened'
  | 'rejected for good'
  | 'given up';

type Cause = (world: World) => Promise<unknown>;
type World = ReturnType<typeof createContentWorld>;

const failure = (...[action, code]: readonly [UpstreamError['action'], string]) =>
  new UpstreamError(action, code, `Microsoft answered ${code}.`, { retryAfterMs: 10 * minuteMs });

const gone = failure('gone', 'AF20050');

const causes = {
  'a poll fetches it': (world) => world.poll(),
  'a poll lists it while it may still grow': (world) => {
    world.deps.settleMs = 30 * dayMs;
    return world.poll();
  },
  'its body is not an array of objects': (world) => world.pollWithBody('{}'),
  'its last body is not an array of objects': (world) => {
    world.toLastChance();
    return world.pollWithBody('{}');
  },
  'an element of its body is not a record': (world) => world.pollWithBody(damagedBody),
  'an element of its last body is not a record': (world) => {
    world.toLastChance();
    return world.pollWithBody(damagedBody);
  },
  'the fetch fails or is throttled': (world) => world.pollRefused(failure('pause', 'AF429')),
  'the last fetch fails': (world) => {
    world.toLastChance();
    return world.pollRefused(failure('retry', 'AF50000'));
  },
  'Microsoft answers that it does not exist': (world) => world.pollRefused(gone),
  'Microsoft answers for an hour that it does not exist': async (world) => {
    await world.pollRefused(gone);
    world.clock.advance(hourMs);
    await world.pollRefused(gone);
  },
  'a reconciliation lists it': (world) => world.poll({ reconcile: true }),
  'a reconciliation lists it, and the fetch fails': (world) =>
    world.pollRefused(failure('retry', 'HTTP404'), { reconcile: true }),
  'a reconciliation lists it, and Microsoft answers that it does not exist': (world) =>
    world.pollRefused(gone, { reconcile: true }),
  'two hosts fetch it at the same time': (world) => Promise.all([world.poll(), world.poll()]),
  'the host is killed before it settles it': (world) => world.pollKilledBefore('ledger.settle'),
  'the host is killed before it closes its open row': (world) => world.pollKilledBefore('ledger.close'),
  'storage fails': (world) =>
    world.poll({ faults: failNext('raw.put', new Error('Storage is down.')) }).catch(() => undefined),
  'the removal of its tenant begins while it is fetched': (world) => world.pollWhileRemovalBegins(),
  'its tenant is being removed': async (world) => {
    await world.beginRemoval();
    await world.pollDue();
  },
  'an operator has it fetched again': (world) => world.decide(releaseRejected),
  'an operator gives it up': (world) => world.decide(giveUpRejected),
  'the host is killed before it settles what an operator gives up': (world) =>
    world.decide(giveUpRejected, endingBefore('ledger.settle')),
} satisfies Readonly<Record<string, Cause>>;
type Event = keyof typeof causes;

const cells: StateTable<State, Event> = {
  new: {
    'a poll fetches it': 'landed',
    'a poll lists it while it may still grow': 'pending',
    'its body is not an array of objects': 'rejected; its body is kept',
    'its last body is not an array of objects': 'rejected for good; its body is kept; gap contentRejected',
    'an element of its body is not a record': 'rejected; its body is kept; its whole records land',
    'an element of its last body is not a record':
      'rejected for good; its body is kept; gap contentRejected; its whole records land',
    'the fetch fails or is throttled': 'pending',
    'the last fetch fails': 'lost; gap contentExpired',
    'Microsoft answers that it does not exist': 'pending',
    'Microsoft answers for an hour that it does not exist': 'lost; gap contentGone',
    'a reconciliation lists it': 'landed',
    'a reconciliation lists it, and the fetch fails': 'pending',
    'a reconciliation lists it, and Microsoft answers that it does not exist': 'pending',
    'two hosts fetch it at the same time': 'landed; lands twice',
    'the host is killed before it settles it': 'no change; lands, and lands again later',
    'the host is killed before it closes its open row': 'landed',
    'storage fails': 'no change',
    'the removal of its tenant begins while it is fetched': 'landed',
    'its tenant is being removed': 'no change',
    'an operator has it fetched again': 'no change; refused with RejectedBodyNotFound',
    'an operator gives it up': 'no change; refused with RejectedBodyNotFound',
    'the host is killed before it settles what an operator gives up':
      'no change; refused with RejectedBodyNotFound',
  },
  pending: {
    'a poll fetches it': 'landed',
    'a poll lists it while it may still grow': 'no change',
    'its body is not an array of objects': 'rejected; its body is kept',
    'its last body is not an array of objects': 'rejected for good; its body is kept; gap contentRejected',
    'an element of its body is not a record': 'rejected; its body is kept; its whole records land',
    'an element of its last body is not a record':
      'rejected for good; its body is kept; gap contentRejected; its whole records land',
    'the fetch fails or is throttled': 'no change',
    'the last fetch fails': 'lost; gap contentExpired',
    'Microsoft answers that it does not exist': 'no change',
    'Microsoft answers for an hour that it does not exist': 'lost; gap contentGone',
    'a reconciliation lists it': 'landed',
    'a reconciliation lists it, and the fetch fails': 'no change',
    'a reconciliation lists it, and Microsoft answers that it does not exist': 'no change',
    'two hosts fetch it at the same time': 'landed; lands twice',
    'the host is killed before it settles it': 'no change; lands, and lands again later',
    'the host is killed before it closes its open row': 'landed (still open)',
    'storage fails': 'no change',
    'the removal of its tenant begins while it is fetched': 'landed',
    'its tenant is being removed': 'no change',
    'an operator has it fetched again': 'no change; refused with RejectedBodyNotFound',
    'an operator gives it up': 'no change; refused with RejectedBodyNotFound',
    'the host is killed before it settles what an operator gives up':
      'no change; refused with RejectedBodyNotFound',
  },
  rejected: {
    'a poll fetches it': 'landed',
    'a poll lists it while it may still grow': 'no change',
    'its body is not an array of objects': 'no change',
    'its last body is not an array of objects': 'rejected for good; gap contentRejected',
    'an element of its body is not a record': 'no change; its body is kept; its whole records land',
    'an element of its last body is not a record':
      'rejected for good; its body is kept; gap contentRejected; its whole records land',
    'the fetch fails or is throttled': 'no change',
    'the last fetch fails': 'lost; gap contentExpired',
    'Microsoft answers that it does not exist': 'no change',
    'Microsoft answers for an hour that it does not exist': 'lost; gap contentGone',
    'a reconciliation lists it': 'landed',
    'a reconciliation lists it, and the fetch fails': 'no change',
    'a reconciliation lists it, and Microsoft answers that it does not exist': 'no change',
    'two hosts fetch it at the same time': 'landed; lands twice',
    'the host is killed before it settles it': 'no change; lands, and lands again later',
    'the host is killed before it closes its open row': 'landed (still open)',
    'storage fails': 'no change',
    'the removal of its tenant begins while it is fetched': 'landed',
    'its tenant is being removed': 'no change',
    'an operator has it fetched again': 'no change; a poll is requested',
    'an operator gives it up': 'given up; gap contentRejected',
    'the host is killed before it settles what an operator gives up': 'no change; gap contentRejected',
  },
  landed: settled(),
  'landed (still open)': {
    'a poll fetches it': 'landed; lands again',
    'a poll lists it while it may still grow': 'no change',
    'its body is not an array of objects': 'no change; its body is kept',
    'its last body is not an array of objects': 'landed; its body is kept',
    'an element of its body is not a record': 'no change; its body is kept; its whole records land',
    'an element of its last body is not a record': 'landed; its body is kept; lands again',
    'the fetch fails or is throttled': 'no change',
    'the last fetch fails': 'landed',
    'Microsoft answers that it does not exist': 'no change',
    'Microsoft answers for an hour that it does not exist': 'landed',
    'a reconciliation lists it': 'landed; lands again',
    'a reconciliation lists it, and the fetch fails': 'no change',
    'a reconciliation lists it, and Microsoft answers that it does not exist': 'no change',
    'two hosts fetch it at the same time': 'landed; lands twice',
    'the host is killed before it settles it': 'no change; lands again',
    'the host is killed before it closes its open row': 'no change; lands again',
    'storage fails': 'no change',
    'the removal of its tenant begins while it is fetched': 'landed; lands again',
    'its tenant is being removed': 'no change',
    'an operator has it fetched again': 'no change; refused with RejectedBodyNotFound',
    'an operator gives it up': 'no change; refused with RejectedBodyNotFound',
    'the host is killed before it settles what an operator gives up':
      'no change; refused with RejectedBodyNotFound',
  },
  lost: {
    ...settled(),
    'a reconciliation lists it': 'landed; its gap is closed',
    'a reconciliation lists it, and the fetch fails': 'reopened',
  },
  reopened: {
    'a poll fetches it': 'landed; its gap is closed',
    'a poll lists it while it may still grow': 'no change',
    'its body is not an array of objects': 'no change; its body is kept',
    'its last body is not an array of objects': 'lost; its body is kept',
    'an element of its body is not a record': 'no change; its body is kept; its whole records land',
    'an element of its last body is not a record': 'lost; its body is kept; its whole records land',
    'the fetch fails or is throttled': 'no change',
    'the last fetch fails': 'lost',
    'Microsoft answers that it does not exist': 'lost',
    'Microsoft answers for an hour that it does not exist': 'lost',
    'a reconciliation lists it': 'landed; its gap is closed',
    'a reconciliation lists it, and the fetch fails': 'no change',
    'a reconciliation lists it, and Microsoft answers that it does not exist': 'lost',
    'two hosts fetch it at the same time': 'landed; lands twice; its gap is closed',
    'the host is killed before it settles it': 'no change; lands, and lands again later; its gap is closed',
    'the host is killed before it closes its open row': 'landed (still open); its gap is closed',
    'storage fails': 'no change',
    'the removal of its tenant begins while it is fetched': 'landed; its gap is closed',
    'its tenant is being removed': 'no change',
    'an operator has it fetched again': 'no change; refused with RejectedBodyNotFound',
    'an operator gives it up': 'no change; refused with RejectedBodyNotFound',
    'the host is killed before it settles what an operator gives up':
      'no change; refused with RejectedBodyNotFound',
  },
  'rejected for good': {
    ...settled(),
    'an operator has it fetched again': 'reopened; a poll is requested',
    'an operator gives it up': 'given up',
    'the host is killed before it settles what an operator gives up': 'given up',
  },
  'given up': {
    ...settled(),
    'an operator has it fetched again': 'reopened; a poll is requested',
    'an operator gives it up': 'no change',
    'the host is killed before it settles what an operator gives up': 'no change',
  },
};

/** What is settled is never fetched again, unless it is lost and listed again. */
function settled(): Readonly<Record<Event, string>> {
  return {
    'a poll fetches it': 'no change',
    'a poll lists it while it may still grow': 'no change',
    'its body is not an array of objects': 'no change',
    'its last body is not an array of objects': 'no change',
    'an element of its body is not a record': 'no change',
    'an element of its last body is not a record': 'no change',
    'the fetch fails or is throttled': 'no change',
    'the last fetch fails': 'no change',
    'Microsoft answers that it does not exist': 'no change',
    'Microsoft answers for an hour that it does not exist': 'no change',
    'a reconciliation lists it': 'no change',
    'a reconciliation lists it, and the fetch fails': 'no change',
    'a reconciliation lists it, and Microsoft answers that it does not exist': 'no change',
    'two hosts fetch it at the same time': 'no change',
    'the host is killed before it settles it': 'no change',
    'the host is killed before it closes its open row': 'no change',
    'storage fails': 'no change',
    'the removal of its tenant begins while it is fetched': 'no change',
    'its tenant is being removed': 'no change',
    'an operator has it fetched again': 'no change; refused with RejectedBodyNotFound',
    'an operator gives it up': 'no change; refused with RejectedBodyNotFound',
    'the host is killed before it settles what an operator gives up':
      'no change; refused with RejectedBodyNotFound',
  };
}

/** Brings a new content blob into each state. */
const arrive: Readonly<Record<State, Cause>> = {
  new: () => Promise.resolve(),
  pending: causes['the fetch fails or is throttled'],
  rejected: causes['its body is not an array of objects'],
  landed: causes['a poll fetches it'],
  'landed (still open)': async (world) => {
    await causes['the fetch fails or is throttled'](world);
    await world.untilDue();
    await causes['the host is killed before it closes its open row'](world);
  },
  lost: causes['Microsoft answers for an hour that it does not exist'],
  reopened: async (world) => {
    await causes['Microsoft answers for an hour that it does not exist'](world);
    await causes['a reconciliation lists it, and the fetch fails'](world);
  },
  'rejected for good': causes['its last body is not an array of objects'],
  'given up': async (world) => {
    await causes['its body is not an array of objects'](world);
    await causes['an operator gives it up'](world);
  },
};

const soundBody = bodyOf(recordTexts('one', 2));
const damagedBody = `[${recordTexts('one', 2).join(',null,')}]`;

type Decide = (
  deps: DecideDeps,
  choice: RejectedChoice & { readonly reason: string },
) => Promise<RejectedContent>;

function createContentWorld() {
  const deps = { settleMs: 0 };
  const world = createPollWorld({ deps });
  const { tenantId } = world.tenant;
  const tenants = createFakeTenantStore([world.tenant]);
  const created = new Date(world.clock.now().getTime() - hourMs);
  const content = contentNamed('one', created);
  const refusals: string[] = [];
  let chunks = soundBody;
  world.feed.publish(content, {
    get chunks() {
      return chunks;
    },
  });
  const pollDue = () =>
    pollDueTenants(
      { ...world.depsOf(createFaults()), tenants, tenantConcurrency: 1, ceilingMs: hourMs },
      world.clock.startBudget(hourMs),
    );
  const beginRemoval = () => tenants.update(tenantId, { state: 'Removing', removalId: 'r1' });
  return {
    ...world,
    deps,
    pollDue,
    beginRemoval,
    decide: async (decide: Decide, faults = createFaults()) => {
      const { queues, clock, telemetry } = world;
      const ledger = faults.inject('ledger', world.ledger);
      const deps = { ledger, tenants, queues, telemetry: telemetry.telemetry, now: clock.now };
      const choice = { tenantId, id: rejectedId(content), caller: 'key-1', reason: 'It is empty.' };
      await decide(deps, choice).catch((error: unknown) => {
        if (error instanceof RequestError) refusals.push(error.code);
        else if (!(error instanceof Crash)) throw error;
      });
    },
    refusals,
    isRemoving: async () => (await tenants.get(tenantId))?.state === 'Removing',
    pollWithBody: async (text: string) => {
      chunks = [Buffer.from(text)];
      await world.poll();
      chunks = soundBody;
    },
    pollRefused: async (error: UpstreamError, how: { reconcile?: boolean } = {}) => {
      world.feed.refuse('fetch', content.contentId, error);
      await world.poll(how);
      world.feed.relent();
    },
    pollKilledBefore: (step: string) => world.poll({ faults: endingBefore(step) }).catch(() => undefined),
    pollWhileRemovalBegins: async () => {
      world.feed.beforeFetch(() => void beginRemoval());
      await pollDue();
    },
    untilDue: async () => {
      const [open] = await world.ledger.open(tenantId);
      if (open !== undefined && open.nextAttemptAt > world.clock.now()) world.clock.set(open.nextAttemptAt);
    },
    /** So late that no further attempt is possible before it expires, and early enough to be listed. */
    toLastChance: () => {
      world.clock.set(new Date(content.contentExpiration.getTime() - 6 * minuteMs));
    },
  };
}

function endingBefore(wanted: string): Faults {
  return createFaults((step) => (step === wanted ? 'crashBefore' : undefined));
}

const stateOfSettled: Readonly<Record<SettledState, State>> = {
  landed: 'landed',
  gone: 'lost',
  rejected: 'rejected for good',
};

/** Those that are settled and open. */
const stateOfOpen: Readonly<Partial<Record<State, State>>> = {
  landed: 'landed (still open)',
  lost: 'reopened',
  'rejected for good': 'reopened',
  'given up': 'reopened',
};

interface Seen {
  readonly state: State;
  readonly gaps: readonly string[];
  readonly indexRequests: number;
  readonly bodiesKept: number;
  /** Records that landed of a rejected body, as the ledger says. */
  readonly salvaged: number;
  readonly pollRequests: number;
}

async function look({ ledger, raw, queues, tenant: { tenantId } }: World): Promise<Seen> {
  const [settledRow] = ledger.allSettled(tenantId);
  const [openRow] = await ledger.open(tenantId);
  const gaps = (await ledger.gaps(tenantId)).filter(({ contentId }) => contentId !== undefined);
  return {
    state: stateOf(settledRow, openRow, gaps[0]),
    gaps: gaps.map(({ reason }) => reason),
    indexRequests: queues.indexRequests.length,
    bodiesKept: raw.rejected.size,
    salvaged: openRow?.receipt?.records ?? gaps[0]?.receipt?.records ?? 0,
    pollRequests: queues.pollRequests.length,
  };
}

function stateOf(settled: SettledContent | undefined, open: OpenContent | undefined, gap: Gap | undefined) {
  if (settled === undefined) return open?.state ?? 'new';
  const closed = gap?.givenUpAt === undefined ? stateOfSettled[settled.state] : 'given up';
  return open === undefined ? closed : (stateOfOpen[closed] ?? closed);
}

async function observe(state: State, event: Event): Promise<string> {
  const world = createContentWorld();
  await arrive[state](world);
  await world.untilDue();
  const before = await look(world);
  if (before.state !== state) throw new Error(`The content blob is ${before.state}, not ${state}.`);
  await causes[event](world);
  const after = await look(world);
  return outcome(state, after.state, [
    after.bodiesKept > before.bodiesKept && 'its body is kept',
    after.gaps.length > before.gaps.length && `gap ${after.gaps.join(' ')}`,
    ...howItLands(before, after),
    after.gaps.length < before.gaps.length && 'its gap is closed',
    after.pollRequests > before.pollRequests && 'a poll is requested',
    ...world.refusals.map((code) => `refused with ${code}`),
  ]);
}

function howItLands(before: Seen, after: Seen): readonly (string | false)[] {
  const landings = after.indexRequests - before.indexRequests;
  if (after.salvaged > before.salvaged) return ['its whole records land'];
  return [
    landings === 2 && 'lands twice',
    landings === 1 && before.indexRequests > 0 && 'lands again',
    landings === 1 && !after.state.startsWith('landed') && 'lands, and lands again later',
  ];
}

testStates({ heading: 'Content blob', cells, observe });
