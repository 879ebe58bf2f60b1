/** Indexes one landing and reports it. */
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
  /** Notifies subscribers that there are new records of a tenant. */
  readonly wake?: ((tenantId: string) => Promise<void>) | undefined;
}

/** @throws when storage fails: the message is delivered again */
export async function runIndexRequest(deps: IndexRequestDeps, request: IndexRequest): Promise<void> {
  const { tenantId, landingId } = request;
  try {
    await index(deps, request);
  } catch (error) {
    if (!(error instanceof RawBlobMissingError)) throw error;
    const isIndexed = (await deps.landings.recorded(tenantId, landingId))?.isIndexed === true;
    if (!isIndexed && (await findManagedTenant(deps.tenants, tenantId))) throw error;
    deps.telemetry('index.landing.dropped', { tenantId, landingId });
    // The tenant was removed with all its data before this message was delivered.
    if (!isIndexed) return;
  }
  // Every time: this may be a second attempt because the first one ended here.
  await deps.wake?.(tenantId);
}

async function index(deps: IndexRequestDeps, request: IndexRequest): Promise<void> {
  const started = performance.now();
  const { tenantId, landingId } = request;
  const counts = await indexLanding({ ...deps, keptFrom: keptFromOf(deps, tenantId) }, request);
  const { indexed, duplicates, pastRetention, notUnderstood, rows } = counts;
  const durationMs = Math.round(performance.now() - started);
  const event = { tenantId, landingId, durationMs, indexed, duplicates, pastRetention, notUnderstood, rows };
  deps.telemetry('index.landing.finished', event);
  deps.meter('auditkeep.records', indexed, { tenantId });
  deps.meter('auditkeep.rows', rows, { tenantId });
}

/**
 * The tenant is read once, and only if a record is older than the shortest retention. A limit that is decided after that deletes
 * nothing before this landing is indexed, or its message has ended.
 */
function keptFromOf({ tenants, retention, now }: IndexRequestDeps, tenantId: string): KeptFrom {
  const read = lazy(async () => deletedBefore((await tenants.get(tenantId)) ?? {}, retention, now()));
  return async (oldest) => (oldest < keptByAll(now()) ? await read() : undefined);
}
