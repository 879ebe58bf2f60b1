/** All that onboarding and offboarding touch, in memory: Microsoft, storage that outlives crashes, a clock. */
import type { ContentType } from '../../../shared/activity/content-types.ts';
import type { PartnerCenterDeps } from '../../../shared/partner-center/refuse.ts';
import { enablementKind } from '../../../shared/enablement/enablement.ts';
import { removalKind } from '../../../shared/offboarding/removal.ts';
import { removalWork, type RemovalWorkDeps } from '../../../shared/offboarding/removal-work.ts';
import type { StartRemovalDeps } from '../../../shared/offboarding/start-removal.ts';
import type { OperationMessage, OperationQueue } from '../../../shared/operations/operation.ts';
import { runOperation } from '../../../shared/operations/run-operation.ts';
import {
  checkTenant,
  runTenantCheck,
  type CheckTenantDeps,
  type TenantCheckMessage,
} from '../../../shared/tenants/check-tenant.ts';
import type { ConsentLinkDeps } from '../../../shared/tenants/consent.ts';
import type { StoredTenant, Tenant } from '../../../shared/tenants/tenant.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { createFakeFeed } from '../../support/fakes/activity-feed.ts';
import { createFakeConsentStore } from '../../support/fakes/consent-store.ts';
import { createFakeDirectory } from '../../support/fakes/directory.ts';
import { createFakeExchange } from '../../support/fakes/exchange-admin.ts';
import { createFakeLegalHolds } from '../../support/fakes/legal-hold-store.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createFakePartnerCenter } from '../../support/fakes/partner-center.ts';
import { createFakePolicyStore } from '../../support/fakes/policy-store.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';
import { createFakeSignIn } from '../../support/fakes/sign-in.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantData } from '../../support/fakes/tenant-data.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { Crash, createFaults, type Faults } from '../../support/faults.ts';
import { fabrikamId, tenantNamed } from '../../support/tenants.ts';

export type OnboardingWorld = ReturnType<typeof createOnboardingWorld>;
export type OnboardingDeps = CheckTenantDeps &
  ConsentLinkDeps &
  RemovalWorkDeps &
  StartRemovalDeps &
  PartnerCenterDeps & { readonly queues: OperationQueue };

interface WorldOptions {
  readonly tenants?: readonly Tenant[];
  /** Subscriptions that were started before. */
  readonly running?: readonly ContentType[];
}

export const clientId = '5f0c1d3a-77b4-4c5e-9a26-1f9f6a0c7b11';
export const budgetMs = 4 * minuteMs;
export const removalSettleMs = 15 * minuteMs;
/** Messages after which something is going round in circles. */
const manyMessages = 200;

export const pendingFabrikam = (changes: Partial<Tenant> = {}): Tenant =>
  tenantNamed('Fabrikam', { tenantId: fabrikamId, state: 'PendingConsent', ...changes });

export const activeFabrikam = (changes: Partial<Tenant> = {}): Tenant =>
  pendingFabrikam({ state: 'Active', ...changes });

export const runRemoval = (deps: OnboardingDeps, message: OperationMessage): Promise<void> =>
  runOperation(deps, removalWork(deps), { message, budget: deps.startBudget(budgetMs) });

/** Everything is granted, and one pending tenant is there, until a test says otherwise. */
export function createOnboardingWorld({ tenants = [pendingFabrikam()], running = [] }: WorldOptions = {}) {
  const clock = createClock();
  const telemetry = createRecordingTelemetry();
  const microsoft = {
    feed: createFakeFeed(clock.now, running),
    directory: createFakeDirectory(),
    exchange: createFakeExchange(clock.now),
    signIn: createFakeSignIn(),
    partnerCenter: createFakePartnerCenter(),
  };
  const storage = {
    tenants: createFakeTenantStore(tenants),
    roleHolders: createFakeRoleHolderStore(),
    legalHolds: createFakeLegalHolds(),
    consents: createFakeConsentStore(),
    removals: createFakeOperationStore(removalKind),
    enablements: createFakeOperationStore(enablementKind),
    policy: createFakePolicyStore(),
    tenantData: createFakeTenantData(),
    queues: createFakeWorkQueues(),
  };
  const depsOf = (faults: Faults = createFaults()): OnboardingDeps => ({
    ...microsoft,
    feed: faults.inject('feed', microsoft.feed),
    tenants: faults.inject('tenants', storage.tenants),
    roleHolders: faults.inject('roleHolders', storage.roleHolders),
    legalHolds: faults.inject('legalHolds', storage.legalHolds),
    consents: faults.inject('consents', storage.consents),
    removals: faults.inject('removals', storage.removals),
    enablements: faults.inject('enablements', storage.enablements),
    policy: faults.inject('policy', storage.policy),
    tenantData: faults.inject('tenantData', storage.tenantData),
    queues: faults.inject('queues', storage.queues),
    telemetry: telemetry.telemetry,
    consent: { clientId, authorityUrl: undefined },
    now: clock.now,
    startBudget: clock.startBudget,
    removalSettleMs,
    purgeDelayMs: 0,
  });
  const stored = async (tenantId = fabrikamId): Promise<StoredTenant> => {
    const tenant = await storage.tenants.get(tenantId);
    if (tenant === undefined) throw new Error('The tenant does not exist.');
    return tenant;
  };
  /** Handles a message as the host does: one that fails is redelivered, to a new process. */
  const deliver = async (handle: (deps: OnboardingDeps) => Promise<void>, faults?: Faults): Promise<void> => {
    try {
      await handle(depsOf(faults));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      await handle(depsOf());
    }
  };
  const drain = async <T>(
    messages: readonly { readonly message: T; readonly delayMs: number }[],
    handle: (message: T) => Promise<void>,
  ): Promise<void> => {
    for (let at = 0; at < messages.length; at++) {
      if (at > manyMessages) throw new Error('The messages do not come to an end.');
      const next = messages[at];
      if (next === undefined) return;
      clock.advance(next.delayMs);
      await handle(next.message);
    }
  };
  return {
    ...{ clock, telemetry, ...microsoft, ...storage, depsOf, stored },
    check: async (faults?: Faults): Promise<Tenant> => await checkTenant(depsOf(faults), await stored()),
    runCheck: (message: TenantCheckMessage, faults?: Faults) =>
      deliver((deps) => runTenantCheck(deps, message), faults),
    runRemoval: (message: OperationMessage, faults?: Faults) =>
      deliver((deps) => runRemoval(deps, message), faults),
    /** Delivers all messages, including new ones, moving the clock; each to a new process. */
    drainChecks: () =>
      drain(storage.queues.tenantChecks, (message) => deliver((deps) => runTenantCheck(deps, message))),
    drainRemovals: (faultsOfRuns: readonly (Faults | undefined)[] = []) => {
      const left = [...faultsOfRuns];
      return drain(storage.queues.operations, (message) =>
        deliver((deps) => runRemoval(deps, message), left.shift()),
      );
    },
  };
}
