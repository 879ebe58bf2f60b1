/** Indexes one landing and reports it. */
import type { IndexRequest } from '../landing/work-queues.ts';
import type { Meter } from '../telemetry.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { RawBlobMissingError } from './checked-blob.ts';
import { indexLanding, type IndexDeps } from './index-landing.ts';

export interface IndexRequestDeps extends IndexDeps {
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly meter: Meter;
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
  const { indexed, duplicates, notUnderstood, rows } = await indexLanding(deps, request);
  const { tenantId, landingId } = request;
  const durationMs = Math.round(performance.now() - started);
  const event = { tenantId, landingId, durationMs, indexed, duplicates, notUnderstood, rows };
  deps.telemetry('index.landing.finished', event);
  deps.meter('auditkeep.records', indexed, { tenantId });
  deps.meter('auditkeep.rows', rows, { tenantId });
}
