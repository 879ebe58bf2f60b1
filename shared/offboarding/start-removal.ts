/** Starts removals of tenants. */
import { isFinished, messageFor } from '../operations/operation.ts';
import {
  announceOperation,
  createOperation,
  type StartOperationDeps,
} from '../operations/start-operation.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import { requireNoHold, type LegalHolds } from './legal-hold.ts';
import {
  isCalledBack,
  type Removal,
  type RemovalRequest,
  type RemovalState,
  type RemovalStore,
  type StoredRemoval,
} from './removal.ts';

export interface StartRemovalDeps extends StartOperationDeps {
  readonly tenants: TenantStore;
  readonly removals: RemovalStore;
  readonly legalHolds: LegalHolds;
  /** How long a purge can be called back before it begins, in milliseconds. */
  readonly purgeDelayMs: number;
}

export interface WantedRemoval extends RemovalRequest, Pick<Removal, 'tenantId' | 'createdBy'> {}

/**
 * Starts a removal, or returns the unfinished one that deletes as much and was not canceled. From here on the tenant is
 * not polled. A purge begins after a delay: until then nothing is stopped at Microsoft, which keeps content for seven
 * days, so that a purge that is called back has lost nothing.
 * @param wanted can also be a tenant of which only data is left
 * @throws RequestError 409 for a purge under legal hold
 * @throws when storage fails
 */
export async function startRemoval(deps: StartRemovalDeps, wanted: WantedRemoval): Promise<Removal> {
  if (wanted.purge) await requireNoHold(deps.legalHolds, wanted.tenantId);
  const tenant = await deps.tenants.get(wanted.tenantId);
  const running = await unfinishedRemoval(deps, tenant);
  if (running !== undefined && (running.request.purge || !wanted.purge)) {
    // Its message may have been lost.
    await deps.queues.requestOperationRun(messageFor(deps.removals.kind, running), 0);
    return running;
  }
  const { tenantId, createdBy, purge } = wanted;
  const state = initialState(deps, purge);
  const removal = await createOperation(deps, deps.removals, {
    tenantId,
    createdBy,
    request: { purge },
    state,
  });
  if (await claim(deps, tenant, removal)) {
    await announceOperation(deps, deps.removals.kind, removal);
    if (purge) reportPurge(deps, removal);
    return removal;
  }
  // Another request was faster: its removal may delete as much.
  const faster = await startRemoval(deps, wanted);
  const unclaimed = faster.id === removal.id ? undefined : await deps.removals.get(removal);
  if (unclaimed !== undefined) await deps.removals.remove(unclaimed);
  return faster;
}

function reportPurge({ telemetry }: StartRemovalDeps, { tenantId, id, createdBy, state }: Removal): void {
  const effectiveDateTime = state.effectiveDateTime?.toISOString();
  telemetry('tenants.purge.requested', { tenantId, operationId: id, caller: createdBy, effectiveDateTime });
}

/** One that will not end as canceled. */
async function unfinishedRemoval(
  { removals }: StartRemovalDeps,
  tenant: StoredTenant | undefined,
): Promise<StoredRemoval | undefined> {
  if (tenant?.state !== 'Removing' || tenant.removalId === undefined) return undefined;
  const found = await removals.get({ id: tenant.removalId });
  return found === undefined || isFinished(found) || isCalledBack(found) ? undefined : found;
}

/** False when the tenant changed since it was read. */
async function claim(
  { tenants, now }: StartRemovalDeps,
  tenant: StoredTenant | undefined,
  { tenantId, id: removalId }: Removal,
): Promise<boolean> {
  if (tenant !== undefined) return await tenants.updateIfUnchanged(tenant, { state: 'Removing', removalId });
  // A placeholder: a tenant registered meanwhile would lose what it collects.
  return await tenants.create({
    tenantId,
    removalId,
    displayName: tenantId,
    state: 'Removing',
    cloud: 'enterprise',
    poll: { nextPollAt: now(), quietPolls: 0 },
    checks: [],
    contentTypes: [],
    subscriptions: [],
    createdDateTime: now(),
  });
}

function initialState({ now, purgeDelayMs }: StartRemovalDeps, purge: boolean): RemovalState {
  const deleted = { blobs: 0, tables: 0, rows: 0 };
  const at = now();
  const state = { deleted, attempts: 0, isStopped: false, lastEffectDateTime: at, retainedBlobs: 0 };
  if (!purge || purgeDelayMs === 0) return state;
  return { ...state, effectiveDateTime: new Date(at.getTime() + purgeDelayMs) };
}
