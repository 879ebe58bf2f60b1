/** Queue `raw-blobs`: indexes one landing. */
import type { StorageQueueFunctionOptions } from '@azure/functions';
import { indexLanding, RawBlobMissingError, type IndexDeps } from '../shared/index/index-landing.ts';
import { indexQueue, indexRequestSchema, type IndexRequest } from '../shared/landing/landing.ts';
import type { Meter } from '../shared/telemetry.ts';
import { findManagedTenant } from '../shared/tenants/managed.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';

export interface IndexRawBlobDeps extends IndexDeps {
  readonly tenants: TenantStore;
  readonly meter: Meter;
  /** Tells who waits for new records of a tenant. */
  readonly wake?: ((tenantId: string) => Promise<void>) | undefined;
}

/** @throws when storage fails or the message is malformed: it comes again, and then goes to the poison queue */
export function indexRawBlobFunction(deps: IndexRawBlobDeps): StorageQueueFunctionOptions {
  return {
    queueName: indexQueue,
    connection: 'AzureWebJobsStorage',
    handler: async (message) => {
      const request = indexRequestSchema.parse(message);
      try {
        await index(deps, request);
        // Every time: a second attempt at the message may be one because the first one ended here.
        await deps.wake?.(request.tenantId);
      } catch (error) {
        if (!(error instanceof RawBlobMissingError) || (await isTenantManaged(deps, request))) throw error;
        // Its tenant was removed with all its data before the turn of this message came.
        deps.telemetry('index.landing.dropped', { tenantId: request.tenantId, landingId: request.landingId });
      }
    },
  };
}

async function index(deps: IndexRawBlobDeps, request: IndexRequest): Promise<void> {
  const started = performance.now();
  const { indexed, duplicates, notUnderstood, rows } = await indexLanding(deps, request);
  const { tenantId, landingId } = request;
  const durationMs = Math.round(performance.now() - started);
  const counts = { indexed, duplicates, notUnderstood, rows };
  deps.telemetry('index.landing.finished', { tenantId, landingId, durationMs, ...counts });
  deps.meter('auditkeep.records', indexed, { tenantId });
  deps.meter('auditkeep.rows', rows, { tenantId });
}

async function isTenantManaged({ tenants }: IndexRawBlobDeps, { tenantId }: IndexRequest): Promise<boolean> {
  return (await findManagedTenant(tenants, tenantId)) !== undefined;
}
