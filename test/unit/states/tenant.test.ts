/** From registration to removal: what each event does to a tenant in each state. */
import { RequestError, UpstreamError } from '../../../shared/errors.ts';
import { pollDueTenants } from '../../../shared/landing/poll-tenants.ts';
import type { OperationMessage } from '../../../shared/operations/operation.ts';
import { createConsentLink, receiveConsent } from '../../../shared/tenants/consent.ts';
import { registerTenant } from '../../../shared/tenants/register-tenant.ts';
import type { TenantStore } from '../../../shared/tenants/tenant.ts';
import { hourMs } from '../../support/clock.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { createOnboardingWorld, runRemoval, type OnboardingDeps } from '../tenants/onboarding-world.ts';
import { cancel, collected, messageOf, nothing, read, start } from '../tenants/removal-world.ts';
import { outcome, testStates, type StateTable } from './state-table.ts';

/**
 * `Removing (data only)`: a placeholder while the data of a tenant that is no longer registered is deleted. `Removing
 * (canceled)`: cancellation is requested, and the removal has not noticed it yet.
 */
type State =
  | 'not registered'
  | 'PendingConsent'
  | 'Active'
  | 'Removing'
  | 'Removing (canceled)'
  | 'Removing (data only)';

type World = ReturnType<typeof createTenantWorld>;
type Cause = (world: World) => Promise<unknown>;

const causes = {
  'it is registered, and consent was granted': (world) => world.register(),
  'it is registered, and consent is missing': (world) => world.withoutConsent(world.register),
  'two hosts register it at the same time': (world) => Promise.all([world.register(), world.register()]),
  'its removal begins while it is registered': (world) => world.register(world.removedAfterFirstRead()),
  'its administrator consents': (world) => world.consent(),
  'a check passes': (world) => world.checkNow(),
  'a check fails': (world) => world.withoutConsent(world.checkNow),
  'its removal begins while it is checked': (world) => {
    world.signIn.meanwhile(async () => {
      world.signIn.meanwhile(() => Promise.resolve());
      await start(world);
    });
    return world.checkNow();
  },
  'a poll is due': (world) => world.pollDue(),
  'its removal begins while it is polled': (world) => {
    world.feed.reshape(async function* (pages) {
      await start(world);
      yield* pages;
    });
    return world.pollDue();
  },
  'its removal is requested': (world) => start(world, false),
  'its removal is requested, and runs to its end': async (world) => {
    await start(world, false);
    await world.drainRemovals();
  },
  'its removal with purge is requested, and runs to its end': async (world) => {
    await start(world);
    await world.drainRemovals();
  },
  'its removal is canceled, and consent was granted': (world) => world.cancelRemoval(),
  'its removal is canceled, and consent is missing': (world) => world.withoutConsent(world.cancelRemoval),
  'its removal makes no progress in 50 runs': (world) => world.stallRemoval(),
  'the message of an earlier removal is delivered again': (world) => world.deliverEarlierMessage(),
} satisfies Readonly<Record<string, Cause>>;
type Event = keyof typeof causes;

const refused = 'no change; refused with TenantBeingRemoved';

const removing: Readonly<Record<Event, string>> = {
  'it is registered, and consent was granted': refused,
  'it is registered, and consent is missing': refused,
  'two hosts register it at the same time': refused,
  'its removal begins while it is registered': refused,
  'its administrator consents': 'no change; the link is refused',
  'a check passes': 'no change',
  'a check fails': 'no change',
  'its removal begins while it is checked': 'no change',
  'a poll is due': 'no change',
  'its removal begins while it is polled': 'no change',
  'its removal is requested': 'no change',
  'its removal is requested, and runs to its end': 'not registered; its data is deleted',
  'its removal with purge is requested, and runs to its end': 'not registered; its data is deleted',
  'its removal is canceled, and consent was granted': 'Active; a poll is requested',
  'its removal is canceled, and consent is missing': 'PendingConsent',
  'its removal makes no progress in 50 runs': 'no change; the removal has failed',
  'the message of an earlier removal is delivered again': 'no change',
};

const cells: StateTable<State, Event> = {
  'not registered': {
    'it is registered, and consent was granted': 'Active; a poll is requested',
    'it is registered, and consent is missing': 'PendingConsent',
    'two hosts register it at the same time': 'Active; a poll is requested',
    'its removal begins while it is registered': 'Removing (data only); refused with TenantBeingRemoved',
    'its administrator consents': 'no change; the link is refused',
    'a check passes': 'no change',
    'a check fails': 'no change',
    'its removal begins while it is checked': 'no change',
    'a poll is due': 'no change',
    'its removal begins while it is polled': 'no change',
    'its removal is requested': 'Removing (data only)',
    'its removal is requested, and runs to its end': 'no change',
    'its removal with purge is requested, and runs to its end': 'no change; its data is deleted',
    'its removal is canceled, and consent was granted': 'no change',
    'its removal is canceled, and consent is missing': 'no change',
    'its removal makes no progress in 50 runs': 'no change',
    'the message of an earlier removal is delivered again': 'no change',
  },
  PendingConsent: {
    'it is registered, and consent was granted': 'Active; a poll is requested',
    'it is registered, and consent is missing': 'no change',
    'two hosts register it at the same time': 'Active; a poll is requested',
    'its removal begins while it is registered': 'Removing; refused with TenantBeingRemoved',
    'its administrator consents': 'Active; a poll is requested',
    'a check passes': 'Active; a poll is requested',
    'a check fails': 'no change',
    'its removal begins while it is checked': 'Removing',
    'a poll is due': 'no change',
    'its removal begins while it is polled': 'no change',
    'its removal is requested': 'Removing',
    'its removal is requested, and runs to its end': 'not registered',
    'its removal with purge is requested, and runs to its end': 'not registered; its data is deleted',
    'its removal is canceled, and consent was granted': 'no change',
    'its removal is canceled, and consent is missing': 'no change',
    'its removal makes no progress in 50 runs': 'no change',
    'the message of an earlier removal is delivered again': 'no change',
  },
  Active: {
    'it is registered, and consent was granted': 'no change; a poll is requested',
    'it is registered, and consent is missing': 'no change; a poll is requested',
    'two hosts register it at the same time': 'no change; a poll is requested',
    'its removal begins while it is registered': 'Removing; refused with TenantBeingRemoved',
    'its administrator consents': 'no change',
    'a check passes': 'no change',
    'a check fails': 'no change',
    'its removal begins while it is checked': 'Removing',
    'a poll is due': 'no change; it is polled',
    'its removal begins while it is polled': 'Removing; it is polled',
    'its removal is requested': 'Removing',
    'its removal is requested, and runs to its end': 'not registered',
    'its removal with purge is requested, and runs to its end': 'not registered; its data is deleted',
    'its removal is canceled, and consent was granted': 'no change',
    'its removal is canceled, and consent is missing': 'no change',
    'its removal makes no progress in 50 runs': 'no change',
    'the message of an earlier removal is delivered again': 'no change',
  },
  Removing: removing,
  'Removing (canceled)': {
    ...removing,
    'its removal begins while it is registered': 'Removing; refused with TenantBeingRemoved',
    'its removal is requested': 'Removing',
    'its removal is requested, and runs to its end': 'not registered',
    'its removal makes no progress in 50 runs': 'PendingConsent',
  },
  'Removing (data only)': {
    ...removing,
    'its removal is canceled, and consent was granted': 'not registered',
    'its removal is canceled, and consent is missing': 'not registered',
  },
};

/** Brings a tenant that was registered and removed before, without its data, into each state. */
const arrive: Readonly<Record<State, Cause>> = {
  'not registered': () => Promise.resolve(),
  PendingConsent: causes['it is registered, and consent is missing'],
  Active: causes['it is registered, and consent was granted'],
  Removing: async (world) => {
    await world.register();
    await start(world);
  },
  'Removing (canceled)': async (world) => {
    await world.register();
    await cancel(world, await start(world));
  },
  'Removing (data only)': (world) => start(world),
};

const noConsent = new UpstreamError(
  'fail',
  'AADSTS700016',
  'The application was not found in the directory.',
);

function createTenantWorld() {
  const world = createOnboardingWorld({ tenants: [] });
  const ports = { raw: createFakeRawStore(), ledger: createFakeLedger(), landings: createFakeLandingStore() };
  world.tenantData.put(fabrikamId, collected);
  const refusals: string[] = [];
  let earlier: OperationMessage | undefined;
  const register = async (deps: OnboardingDeps = world.depsOf()) => {
    try {
      await registerTenant(deps, { tenantId: fabrikamId });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      refusals.push(error.code);
    }
  };
  const removal = async () => {
    const { removalId = '', state } = (await world.tenants.get(fabrikamId)) ?? {};
    return state === 'Removing' ? await read(world, { id: removalId }) : undefined;
  };
  const runEarlierRemoval = async () => {
    await register();
    earlier = messageOf(world, await start(world, false));
    await world.drainRemovals();
  };
  return {
    ...world,
    register,
    removal,
    refusals,
    runEarlierRemoval,
    deliverEarlierMessage: async () => {
      if (earlier !== undefined) await world.runRemoval(earlier);
    },
    withoutConsent: async (work: () => Promise<unknown>) => {
      world.signIn.refuse(noConsent);
      await work();
      world.signIn.grantAll();
    },
    checkNow: () => world.runCheck({ version: 1, tenantId: fabrikamId, attempt: 0 }),
    consent: async () => {
      const link = await createConsentLink(
        world.depsOf(),
        { tenantId: fabrikamId, cloud: 'enterprise' },
        'https://auditkeep.example/api/consent/callback',
      );
      const state = new URL(link.url).searchParams.get('state') ?? '';
      const answer = { state, tenant: fabrikamId, error: undefined };
      const { kind } = await receiveConsent(world.depsOf(), answer);
      if (kind === 'unknownState') refusals.push('link');
    },
    /** A removal begins as soon as the tenant has been read for the first time. */
    removedAfterFirstRead: (): OnboardingDeps => {
      let isFirst = true;
      const get: TenantStore['get'] = async (tenantId) => {
        const found = await world.tenants.get(tenantId);
        if (isFirst) await start(world);
        isFirst = false;
        return found;
      };
      return { ...world.depsOf(), tenants: { ...world.tenants, get } };
    },
    pollDue: async () => {
      const collecting = { limits: { maxBufferedBytes: 1, maxLandingBytes: 1, maxLandingContents: 1 } };
      const pace = { fetchConcurrency: 1, settleMs: 0, tenantConcurrency: 1, ceilingMs: hourMs };
      const deps = {
        ...world.depsOf(),
        ...ports,
        ...collecting,
        ...pace,
        queues: world.queues,
        feed: world.feed,
      };
      await pollDueTenants(deps, world.clock.startBudget(hourMs));
    },
    /** Until its tenant has been checked again. */
    cancelRemoval: async () => {
      const found = await removal();
      if (found === undefined) return;
      await cancel(world, found);
      await world.drainRemovals();
      await world.drainChecks();
    },
    stallRemoval: async () => {
      const found = await removal();
      if (found === undefined) return;
      const broken = { ...world.depsOf(), tenantData: { purge: () => Promise.reject(new Error('Killed.')) } };
      for (let run = 0; run < 60; run++)
        await runRemoval(broken, messageOf(world, found)).catch(() => undefined);
    },
  };
}

async function stateOf(world: World): Promise<State> {
  const tenant = await world.tenants.get(fabrikamId);
  if (tenant?.state !== 'Removing') return tenant?.state ?? 'not registered';
  if ((await world.removal())?.cancelRequested === true) return 'Removing (canceled)';
  return tenant.contentTypes.length === 0 ? 'Removing (data only)' : 'Removing';
}

interface Seen {
  readonly polls: number;
  readonly requests: number;
}

function look({ telemetry, queues }: World): Seen {
  return { polls: telemetry.of('landing.poll.finished').length, requests: queues.pollRequests.length };
}

async function observe(state: State, event: Event): Promise<string> {
  const world = createTenantWorld();
  await world.runEarlierRemoval();
  await arrive[state](world);
  const before = await stateOf(world);
  if (before !== state) throw new Error(`The tenant is ${before}, not ${state}.`);
  const seen = look(world);
  await causes[event](world);
  const effects = await effectsOf(world, seen);
  return outcome(state, await stateOf(world), effects);
}

async function effectsOf(world: World, before: Seen) {
  const after = look(world);
  const [refusal] = world.refusals;
  const isPurged = world.tenantData.left(fabrikamId).blobs === nothing.blobs;
  return [
    refusal !== undefined && (refusal === 'link' ? 'the link is refused' : `refused with ${refusal}`),
    after.requests > before.requests && 'a poll is requested',
    after.polls > before.polls && 'it is polled',
    (await world.removal())?.status === 'Failed' && 'the removal has failed',
    isPurged && 'its data is deleted',
  ];
}

testStates({ heading: 'Tenant', cells, observe });
