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

type ProgressOf = Pick<Destination, 'destinationId' | 'tenants' | 'since' | 'until'>;

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
        last: lastWanted(destination),
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

/** The number of the last landing that may be sent. */
function lastWanted({ until }: ProgressOf): number {
  return until === undefined ? Infinity : until.getTime() - 1;
}

interface Reached {
  readonly cursor: StoredCursor | undefined;
  readonly since: number;
  /** The number of the newest landing with records. */
  readonly through: number;
  /** The last number that is wanted. */
  readonly last: number;
}

async function progressWith(
  deps: ProgressDeps,
  { tenantId, displayName }: StoredTenant,
  { cursor, since, ...reached }: Reached,
): Promise<TenantProgress> {
  const { counts = nothingSent, lastSentDateTime, suspects } = cursor ?? {};
  const from = cursor?.position.sequence ?? since;
  const unsentFrom = suspects?.[0]?.at.sequence ?? from;
  const named = { tenantId, displayName, counts, lastSentDateTime, unsentFrom };
  const pending = await oldestPending(deps, tenantId, { from, ...reached });
  return pending === undefined
    ? { ...named, state: suspects === undefined ? 'current' : 'undecided' }
    : { ...named, state: 'behind', oldestPendingDateTime: pending };
}

/** When the first landing arrived that is wanted and was not sent; numbers of landings are milliseconds since 1970. */
async function oldestPending(
  { landings }: ProgressDeps,
  tenantId: string,
  { from, through, last }: Pick<Reached, 'through' | 'last'> & { readonly from: number },
): Promise<Date | undefined> {
  if (through < from || last < from) return undefined;
  const [next] = await landings.sequenced(tenantId, from, 1);
  const sequence = next?.sequence ?? through;
  return sequence > last ? undefined : new Date(sequence);
}

export interface CompleteProgressDeps extends ProgressDeps {
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

export interface CompleteProgress extends TenantProgress {
  /**
   * What Microsoft published before this moment, and Auditkeep collected since the destination began, was sent or is a dead letter.
   * Absent where that is not known, and of destinations with an end: what was published before it may arrive later.
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
  if (destination.until !== undefined) return await progressOf(deps, destination);
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
