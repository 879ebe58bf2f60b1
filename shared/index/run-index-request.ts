/** Indexes one landing and reports it. */
import type { ArrivalAnnouncer } from '../feed/announce-arrivals.ts';
import { lazy } from '../lazy.ts';
import type { IndexRequest } from '../landing/work-queues.ts';
import type { Meter } from '../telemetry.ts';
import { deletedBefore, keptByAll, type Retention } from '../retention/retention.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { RawBlobMissingError } from './checked-blob.ts';
import { indexLanding, type IndexDeps } from './index-landing.ts';
import type { KeptFrom } from './kept-records.ts';

export interface IndexRequestDeps extends IndexDeps {
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly meter: Meter;
  readonly now: () => Date;
  /** Of tenants that have none of their own. */
  readonly retention: Retention;
  /** Tells readers of many tenants that there are new records of a tenant. */
  readonly announcer: ArrivalAnnouncer;
  /** Notifies subscribers that there are new records of a tenant. */
  readonly wake?: ((tenantId: string) => Promise<void>) | undefined;
  /** Notifies subscribers to several tenants of what was announced of a tenant. */
  readonly wakeSets?: ((tenantId: string) => Promise<void>) | undefined;
  /** Tells destinations that there are new records of a tenant. */
  readonly wakeDestinations?: ((tenantId: string) => Promise<void>) | undefined;
}

/** @throws when storage fails: the message is delivered again */
export async function runIndexRequest(deps: IndexRequestDeps, request: IndexRequest): Promise<void> {
  const { tenantId } = request;
  const indexed = await index(deps, request).catch((error: unknown) => withoutRawBlob(deps, request, error));
  if (indexed === undefined) return;
  // Every time: this may be a second attempt because the first one ended here.
  if (indexed.sequence !== undefined) await deps.announcer.announce(tenantId, indexed.sequence);
  await deps.wake?.(tenantId);
  if (indexed.sequence === undefined) return;
  await deps.wakeSets?.(tenantId);
  await deps.wakeDestinations?.(tenantId);
}

interface Announced {
  /** Up to which number there is something to read: one without new records needs no announcement of its own. */
  readonly sequence: number | undefined;
}

/** Undefined when there is nothing to index: the tenant was removed with all its data before this message was delivered. */
async function withoutRawBlob(
  { landings, tenants, telemetry }: IndexRequestDeps,
  { tenantId, landingId }: IndexRequest,
  error: unknown,
): Promise<Announced | undefined> {
  if (!(error instanceof RawBlobMissingError)) throw error;
  const recorded = await landings.recorded(tenantId, landingId);
  const isIndexed = recorded?.isIndexed === true;
  if (!isIndexed && (await findManagedTenant(tenants, tenantId))) throw error;
  telemetry('index.landing.dropped', { tenantId, landingId });
  return isIndexed ? { sequence: recorded.sequence } : undefined;
}

async function index(deps: IndexRequestDeps, request: IndexRequest): Promise<Announced> {
  const started = performance.now();
  const { tenantId, landingId } = request;
  const counts = await indexLanding({ ...deps, keptFrom: keptFromOf(deps, tenantId) }, request);
  const { indexed, duplicates, pastRetention, notUnderstood, rows } = counts;
  const durationMs = Math.round(performance.now() - started);
  const event = { tenantId, landingId, durationMs, indexed, duplicates, pastRetention, notUnderstood, rows };
  deps.telemetry('index.landing.finished', event);
  deps.meter('auditkeep.records', indexed, { tenantId });
  deps.meter('auditkeep.rows', rows, { tenantId });
  return { sequence: indexed > 0 ? counts.sequence : undefined };
}

/**
 * The tenant is read once, and only if a record is older than the shortest retention. A limit that is decided after that deletes
 * nothing before this landing is indexed, or its message has ended.
 */
function keptFromOf({ tenants, retention, now }: IndexRequestDeps, tenantId: string): KeptFrom {
  const read = lazy(async () => deletedBefore((await tenants.get(tenantId)) ?? {}, retention, now()));
  return async (oldest) => (oldest < keptByAll(now()) ? await read() : undefined);
}
