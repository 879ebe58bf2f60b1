/** A separate process that onboards with the real adapters: Node reads NODE_EXTRA_CA_CERTS only when it starts. */
import { createSignIn } from '../../../shared/adapters/entra/sign-in.ts';
import { createPartnerTokens } from '../../../shared/adapters/entra/partner-tokens.ts';
import { createTokenProvider } from '../../../shared/adapters/entra/token-provider.ts';
import { createExchangeAdmin } from '../../../shared/adapters/exchange/exchange-admin.ts';
import { createDirectory } from '../../../shared/adapters/graph/directory.ts';
import { createActivityFeed } from '../../../shared/adapters/management-api/activity-feed.ts';
import { createPartnerCenterLater } from '../../../shared/adapters/partner-center/later.ts';
import { createConsentStore } from '../../../shared/adapters/tables/consent-store.ts';
import { createLegalHoldStore } from '../../../shared/adapters/tables/legal-hold-store.ts';
import { createOperationStore } from '../../../shared/adapters/tables/operation-store.ts';
import { createPolicyStore } from '../../../shared/adapters/tables/policy-store.ts';
import { createRoleHolderStore } from '../../../shared/adapters/tables/role-holder-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { createTenantData } from '../../../shared/adapters/tenant-data.ts';
import { startBudget } from '../../../shared/budget.ts';
import { enablementKind } from '../../../shared/enablement/enablement.ts';
import { removalKind } from '../../../shared/offboarding/removal.ts';
import { removalWork } from '../../../shared/offboarding/removal-work.ts';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { runOperation } from '../../../shared/operations/run-operation.ts';
import { consentByRelationship } from '../../../shared/partner-center/consent-by-relationship.ts';
import { listCustomers } from '../../../shared/partner-center/list-customers.ts';
import { runTenantCheck } from '../../../shared/tenants/check-tenant.ts';
import { createConsentLink, receiveConsent } from '../../../shared/tenants/consent.ts';
import { registerTenant } from '../../../shared/tenants/register-tenant.ts';
import { minuteMs } from '../../support/clock.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import {
  onboarderJobSchema,
  onboarderSettingsSchema,
  type OnboarderAnswer,
  type OnboarderJob,
  type OnboarderSettings,
  type OnboarderWork,
} from './onboarder-messages.ts';

/** Retries follow each other quickly here. */
const retryBaseMs = 5;

/** As in main.ts, and kept from job to job: so are tokens. */
function createAdapters({ connectionString, baseUrl, publisherId, refreshToken, ...app }: OnboarderSettings) {
  const storage = { kind: 'connectionString', connectionString } as const;
  const tables = createTables(storage);
  const { clientId } = app;
  const signingIn = { credential: { kind: 'secret', ...app }, authorityUrl: baseUrl } as const;
  const tokens = createTokenProvider(signingIn);
  return {
    signIn: createSignIn({ tokens, retryBaseMs, authorityUrl: baseUrl }),
    directory: createDirectory({ tokens, clientId, retryBaseMs, graphUrl: baseUrl }),
    exchange: createExchangeAdmin({ tokens, retryBaseMs, exchangeUrl: baseUrl }),
    feed: createActivityFeed({
      ...{ tokens, publisherId, retryBaseMs, activityApiUrl: baseUrl },
      ...{ requestsPerMinute: 10_000, maxSockets: 8 },
    }),
    partnerCenter: createPartnerCenterLater({
      ...{ tokens: createPartnerTokens({ ...signingIn, refreshToken }), clientId, retryBaseMs },
      ...{ partnerTenantId: publisherId, partnerCenterUrl: baseUrl, graphUrl: baseUrl },
    }),
    tenants: createTenantStore(tables),
    consents: createConsentStore(tables),
    removals: createOperationStore(tables, removalKind),
    policy: createPolicyStore(tables),
    enablements: createOperationStore(tables, enablementKind),
    legalHolds: createLegalHoldStore(tables),
    roleHolders: createRoleHolderStore(tables),
    tenantData: createTenantData(storage, tables),
    consent: { clientId, authorityUrl: baseUrl },
    telemetry: () => undefined,
    removalSettleMs: 15 * minuteMs,
    purgeDelayMs: 0,
  };
}

const adapters = createAdapters(
  onboarderSettingsSchema.parse(JSON.parse(process.env['ONBOARDER_SETTINGS'] ?? '{}')),
);

function carryOut(work: OnboarderWork, deps: ReturnType<typeof depsOf>): Promise<unknown> {
  switch (work.kind) {
    case 'roles':
      return deps.signIn.grantedRoles({ tenantId: work.tenantId, cloud: 'enterprise' }, work.resource);
    case 'findDomain':
      return deps.signIn.findTenantId(work.domain, work.cloud);
    case 'register':
      return registerTenant(deps, work.registration);
    case 'createLink':
      return createConsentLink(deps, { tenantId: work.tenantId, cloud: 'enterprise' }, work.callbackUrl);
    case 'receiveConsent': {
      const { state, tenant, error } = work.query;
      return receiveConsent(deps, { state, tenant, error });
    }
    case 'listCustomers':
      return listCustomers(deps);
    case 'consentByRelationship':
      return consentByRelationship(deps, work.tenantId);
    case 'runCheck':
      return runTenantCheck(deps, work.message);
    case 'remove':
      return startRemoval(deps, { tenantId: work.tenantId, purge: work.purge, createdBy: 'key-1' });
    case 'runRemoval':
      return runOperation(deps, removalWork(deps), {
        message: work.message,
        budget: startBudget(4 * minuteMs),
      });
  }
}

function depsOf({ clockOffsetMs }: OnboarderJob) {
  return {
    ...adapters,
    queues: createFakeWorkQueues(),
    now: () => new Date(Date.now() + clockOffsetMs),
    startBudget,
  };
}

async function answer(job: OnboarderJob): Promise<OnboarderAnswer> {
  const deps = depsOf(job);
  const outcome = await carryOut(job.work, deps).then(
    (result) => ({ result }),
    (error: unknown) => ({ result: undefined, failure: describe(error) }),
  );
  const { tenantChecks, operations, pollRequests } = deps.queues;
  const asked = { tenantChecks: [...tenantChecks], operations: [...operations] };
  return { id: job.id, ...outcome, ...asked, polls: pollRequests.map(({ tenantId }) => tenantId) };
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: 'unknown' };
  return { ...Object.fromEntries(Object.entries(error)), name: error.name, message: error.message };
}

process.on('message', (message) => {
  void answer(onboarderJobSchema.parse(message)).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
