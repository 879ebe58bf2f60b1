/** Starts bundles; any number may run at once. */
import type { BatchTenants } from '../../batches/batch-tenants.ts';
import { RequestError } from '../../errors.ts';
import { startOperation, type StartOperationDeps } from '../../operations/start-operation.ts';
import { checkExportRequest } from '../export-request.ts';
import { noProgress } from '../export.ts';
import {
  longestFileLifeMs,
  type Bundle,
  type BundleRequest,
  type BundleState,
  type BundleStore,
} from './bundle.ts';

export interface StartBundleDeps extends StartOperationDeps {
  readonly bundles: BundleStore;
  /** Between the request of a purge and its beginning. */
  readonly purgeDelayMs: number;
}

export interface WantedBundle extends BatchTenants, Pick<Bundle, 'createdBy'> {
  /** @see ownerOf */
  readonly ownerId: string;
  readonly request: Omit<BundleRequest, 'tenants'>;
}

/**
 * @throws RequestError 400 naming an invalid filter; 409 for one file where a purge could begin before that is deleted, and
 *   would leave records in it
 */
export async function startBundle(
  deps: StartBundleDeps,
  { ownerId, set, tenants, request, createdBy }: WantedBundle,
): Promise<Bundle> {
  checkExportRequest(request);
  const isOneFile = request.layout === 'oneFile';
  if (isOneFile && deps.purgeDelayMs < longestFileLifeMs) throw purgedTooSoon();
  const state: BundleState = {
    members: tenants.map(({ tenantId }) => ({ tenantId, status: 'NotStarted' })),
    ...(isOneFile ? { file: { ingestedThrough: deps.now(), parts: [], progress: noProgress } } : {}),
  };
  const wanted = { tenantId: ownerId, request: { ...request, tenants: set }, createdBy, state };
  return await startOperation(deps, deps.bundles, wanted);
}

const hourMs = 60 * 60_000;

function purgedTooSoon(): RequestError {
  const hours = longestFileLifeMs / hourMs;
  const message = `A purge could begin before one file of several tenants is deleted. Use the layout filePerTenant, or set AUDITKEEP_PURGE_DELAY_HOURS to ${hours} or more.`;
  return new RequestError(409, 'PurgeDelayTooShort', message);
}
