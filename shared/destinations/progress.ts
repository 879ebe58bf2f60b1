/** How far a destination has got with each of its tenants. */
import pMap from 'p-map';
import { contains } from '../access/tenant-set.ts';
import type { ArrivalLog } from '../feed/arrival-log.ts';
import type { LandingSequence } from '../feed/landing-sequence.ts';
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
  readonly counts: typeof nothingSent | StoredCursor['counts'];
  readonly lastSentDateTime?: Date | undefined;
}

const readsAtOnce = 16;

/**
 * In order of display name. Three requests per thousand tenants, and one for each that is behind.
 * @throws when storage fails
 */
export async function progressOf(
  deps: ProgressDeps,
  destination: Pick<Destination, 'destinationId' | 'tenants' | 'since'>,
): Promise<readonly TenantProgress[]> {
  const all = (await deps.tenants.list()).filter(
    (tenant) => isManaged(tenant) && contains(destination.tenants, tenant),
  );
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
  const named = { tenantId, displayName, counts, lastSentDateTime };
  const from = cursor?.position.sequence ?? since;
  if (through < from) return { ...named, state: suspects === undefined ? 'current' : 'undecided' };
  const [next] = await landings.sequenced(tenantId, from, 1);
  // Numbers of landings are milliseconds since 1970.
  return { ...named, state: 'behind', oldestPendingDateTime: new Date(next?.sequence ?? through) };
}
