/** How far a destination has got with each of its tenants. */
import pMap from 'p-map';
import { contains } from '../access/tenant-set.ts';
import type { ArrivalLog } from '../feed/arrival-log.ts';
import type { LandingSequence } from '../feed/landing-sequence.ts';
import { earliestOfAll, type Completeness } from '../query/completeness.ts';
import { isManaged } from '../tenants/managed.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import { nothingSent, type CursorStore, type StoredCursor } from './cursor.ts';
import type { Destination } from './destination.ts';

export interface ProgressDeps {
  readonly cursors: Pick<CursorStore, 'listOf'>;
  readonly arrivals: Pick<ArrivalLog, 'announcedAll'>;
  readonly landings: Pick<LandingSequence, 'sequenced'>;
  readonly tenants: Pick<TenantStore, 'list'>;
}

export interface TenantProgress {
  readonly tenantId: string;
  readonly displayName: string;
  /** `current`: everything that arrived was sent. `undecided`: all but the last records, which were refused. */
  readonly state: 'current' | 'behind' | 'undecided';
  /** When the oldest landing arrived that was not sent; absent if there is none. */
  readonly oldestPendingDateTime?: Date | undefined;
  /** In the tenant's feed: everything before it was sent, or is a dead letter. */
  readonly unsentFrom: number;
  readonly counts: typeof nothingSent | StoredCursor['counts'];
  readonly lastSentDateTime?: Date | undefined;
}

type ProgressOf = Pick<Destination, 'destinationId' | 'tenants' | 'since'>;

const readsAtOnce = 16;

/**
 * In order of display name. Three requests per thousand tenants, and one for each that is behind.
 * @throws when storage fails
 */
export async function progressOf(
  deps: ProgressDeps,
  destination: ProgressOf,
): Promise<readonly TenantProgress[]> {
  const all = await tenantsOf(deps, destination);
  const cursors = new Map<string, StoredCursor>();
  for await (const page of deps.cursors.listOf(destination.destinationId))
    for (const cursor of page) cursors.set(cursor.tenantId, cursor);
  const announced = new Map<string, number>();
  for await (const page of deps.arrivals.announcedAll())
    for (const { tenantId, through } of page) announced.set(tenantId, through);
  const progress = await pMap(
    all,
    (tenant) =>
      progressWith(deps, tenant, {
        cursor: cursors.get(tenant.tenantId),
        since: destination.since.getTime(),
        through: announced.get(tenant.tenantId) ?? 0,
      }),
    { concurrency: readsAtOnce },
  );
  return progress.toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1));
}

async function tenantsOf(
  { tenants }: Pick<ProgressDeps, 'tenants'>,
  destination: ProgressOf,
): Promise<readonly StoredTenant[]> {
  const all = await tenants.list();
  return all.filter((tenant) => isManaged(tenant) && contains(destination.tenants, tenant));
}

interface Reached {
  readonly cursor: StoredCursor | undefined;
  readonly since: number;
  /** The number of the newest landing with records. */
  readonly through: number;
}

async function progressWith(
  { landings }: ProgressDeps,
  { tenantId, displayName }: StoredTenant,
  { cursor, since, through }: Reached,
): Promise<TenantProgress> {
  const { counts = nothingSent, lastSentDateTime, suspects } = cursor ?? {};
  const from = cursor?.position.sequence ?? since;
  const unsentFrom = suspects?.[0]?.at.sequence ?? from;
  const named = { tenantId, displayName, counts, lastSentDateTime, unsentFrom };
  if (through < from) return { ...named, state: suspects === undefined ? 'current' : 'undecided' };
  const [next] = await landings.sequenced(tenantId, from, 1);
  // Numbers of landings are milliseconds since 1970.
  return { ...named, state: 'behind', oldestPendingDateTime: new Date(next?.sequence ?? through) };
}

export interface CompleteProgressDeps extends ProgressDeps {
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

export interface CompleteProgress extends TenantProgress {
  /**
   * What Microsoft published before this moment, and Auditkeep collected since the destination began, was sent or is a dead letter.
   * Absent where that is not known.
   */
  readonly completeThrough?: Date | undefined;
}

/** A destination that is further behind may have anything missing. */
const mostUnsent = 1000;

/**
 * As {@link progressOf}, with what is complete at the receiver: five more requests for each tenant.
 * @throws when storage fails
 */
export async function completeProgressOf(
  deps: CompleteProgressDeps,
  destination: ProgressOf,
): Promise<readonly CompleteProgress[]> {
  // Before how far it has got is read: what is complete by then has its number in the feed.
  const complete = new Map<string, Date | undefined>();
  const read = async (tenant: StoredTenant) => {
    complete.set(tenant.tenantId, (await deps.completeness(tenant)).completeThrough);
  };
  await pMap(await tenantsOf(deps, destination), read, { concurrency: readsAtOnce });
  const progress = await progressOf(deps, destination);
  const withComplete = async (one: TenantProgress): Promise<CompleteProgress> => ({
    ...one,
    completeThrough: earliestOfAll([complete.get(one.tenantId), ...(await unsentContent(deps, one))]),
  });
  return await pMap(progress, withComplete, { concurrency: readsAtOnce });
}

/** Since when content may be missing at the receiver; one undefined date if that is not known. */
async function unsentContent(
  { landings }: ProgressDeps,
  { tenantId, unsentFrom }: TenantProgress,
): Promise<readonly (Date | undefined)[]> {
  // Of those that are current as well: the newest landing may not have been announced yet.
  const unsent = await landings.sequenced(tenantId, unsentFrom, mostUnsent);
  if (unsent.length === mostUnsent) return [undefined];
  return unsent.filter(({ indexed }) => indexed > 0).map(({ oldestContent }) => oldestContent);
}
