/** What a subscription asks for now: where it is sent, and the next batch of records. */
import type { Capabilities } from '../access/capability-token.ts';
import { contains, mayContain } from '../access/tenant-set.ts';
import { RequestError } from '../errors.ts';
import { readArrivals, type ArrivalsDeps } from '../feed/read-arrivals.ts';
import { readFeed } from '../feed/read-feed.ts';
import type { RecordFilters } from '../query/filters.ts';
import type { FoundRecord } from '../query/found-record.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import { parseFeedFilters } from '../searches/search-query.ts';
import { tenantsOfSearch, type SavedSearch, type SearchStore } from '../searches/search.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { openTarget } from './webhook-secrets.ts';
import type {
  DeliveryPosition,
  DisabledReason,
  StoredSubscription,
  WebhookSubscription,
} from './webhook-subscription.ts';

export interface WantedDeps extends ArrivalsDeps {
  readonly searches: Pick<SearchStore, 'get'>;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly capabilities: Pick<Capabilities, 'mayStillRead'>;
  readonly signingKeys: SigningKeys;
}

export interface DeliveryBatch {
  readonly records: readonly FoundRecord[];
  /** After everything that was read. */
  readonly position: DeliveryPosition;
  /** False when everything available has been read. */
  readonly more: boolean;
  /** Display names by tenant ID, of a subscription to several tenants. */
  readonly names?: ReadonlyMap<string, string> | undefined;
}

export interface Wanted {
  readonly target: string;
  /** From its position on; a batch that was sent before, up to where it ended. @throws when storage fails */
  readonly next: (subscription: StoredSubscription, limit: number) => Promise<DeliveryBatch>;
}

type Content = Pick<SavedSearch, 'filters' | 'tenants'>;

/** Or why nothing can be delivered, for now if the tenant may be registered again. */
export async function wantedBy(
  deps: WantedDeps,
  subscription: WebhookSubscription,
): Promise<Wanted | DisabledReason | 'tenantGone'> {
  const { owner, boundTo, createdBy } = subscription;
  if (boundTo === undefined && (await findManagedTenant(deps.tenants, owner)) === undefined)
    return 'tenantGone';
  if (!(await deps.capabilities.mayStillRead(createdBy, boundTo ?? owner))) return 'revoked';
  const target = openTarget(deps.signingKeys, subscription);
  const content = await contentOf(deps.searches, subscription);
  const filters = content && parsed(content);
  if (target === undefined || content === undefined || filters === undefined) return 'invalid';
  const sets = boundTo === undefined ? undefined : [boundTo, tenantsOfSearch(content)];
  return {
    target,
    next: (stored, limit) =>
      sets === undefined
        ? nextOfTenant(deps, stored, { filters, limit })
        : nextOfSets(deps, stored, { filters, limit, sets }),
  };
}

async function contentOf(
  searches: WantedDeps['searches'],
  { owner, wanted }: WebhookSubscription,
): Promise<Content | undefined> {
  return wanted.search === undefined ? wanted : await searches.get(owner, wanted.search);
}

/** Undefined for those that were valid when they were stored: a later version may not support them. */
function parsed({ filters }: Content): RecordFilters | undefined {
  try {
    return parseFeedFilters(filters);
  } catch (error) {
    if (error instanceof RequestError) return undefined;
    throw error;
  }
}

interface Question {
  readonly filters: RecordFilters;
  readonly limit: number;
}

async function nextOfTenant(
  deps: WantedDeps,
  { owner: tenantId, position, pending }: StoredSubscription,
  question: Question,
): Promise<DeliveryBatch> {
  return await readFeed(deps, { ...question, tenantId, position, until: pending?.to });
}

/** Of tenants that are in all of the sets now, and not being removed. */
async function nextOfSets(
  deps: WantedDeps,
  { position, pending }: StoredSubscription,
  { sets, ...question }: Question & { readonly sets: readonly string[] },
): Promise<DeliveryBatch> {
  const names = new Map<string, string>();
  const belongs = async (tenantId: string): Promise<boolean> => {
    if (!sets.every((set) => mayContain(set, tenantId))) return false;
    const tenant = await findManagedTenant(deps.tenants, tenantId);
    if (tenant === undefined || !sets.every((set) => contains(set, tenant))) return false;
    names.set(tenantId, tenant.displayName);
    return true;
  };
  const [from, until] = [arrivalIn(position), pending && arrivalIn(pending.to)];
  return { ...(await readArrivals(deps, { ...question, position: from, until, belongs })), names };
}

function arrivalIn(position: DeliveryPosition) {
  if ('arrival' in position) return position;
  throw new Error('The position of a subscription to several tenants is not one in arrivals.');
}
