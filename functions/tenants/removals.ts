/** Removals of tenants. */
import * as api from '../../shared/api/tenants.ts';
import type { Access } from '../../shared/access/access.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import { tenantIdIn } from '../../shared/http/tenant-id-in-path.ts';
import { answerResult, startedHeaders } from '../../shared/http/operation-answers.ts';
import { publicRemovalResult } from '../../shared/offboarding/certificate.ts';
import { publicRemoval, removalKind, type RemovalStore } from '../../shared/offboarding/removal.ts';
import { startRemoval, type StartRemovalDeps } from '../../shared/offboarding/start-removal.ts';
import { cancelOperation } from '../../shared/operations/end-operation.ts';
import { resultOf } from '../../shared/operations/operation-result.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';

interface RemovalsDeps {
  readonly removals: RemovalStore;
}

interface RemoveDeps extends StartRemovalDeps {
  readonly access: Pick<Access, 'requireAllTenants'>;
}

export const removeTenantHandler = handler(
  api.removeTenant,
  async (deps: RemoveDeps, { request, caller, path, query, reply }) => {
    const tenantId = tenantIdIn(path);
    const { purge } = query;
    if (purge) deps.access.requireAllTenants(caller, 'tenants.purge');
    // Nothing to offboard; what was kept of an earlier tenant can still be purged.
    if (!purge && (await deps.tenants.get(tenantId)) === undefined) return reply(204);
    const removal = await startRemoval(deps, { tenantId, purge, createdBy: caller.id });
    const monitor = addressOf(request, `../../removals/${removal.id}`);
    return reply(202, publicRemoval(removal), startedHeaders(monitor));
  },
);

export const getRemovalHandler = handler(
  api.getRemoval,
  async ({ removals }: RemovalsDeps, { path, reply }) =>
    reply(200, publicRemoval(await findOperation(removals, { id: path.removalId }))),
);

export const getRemovalResultHandler = handler(
  api.getRemovalResult,
  async ({ removals }: RemovalsDeps, { request, path, reply }) => {
    const found = await findOperation(removals, { id: path.removalId });
    const view = publicRemovalResult(found);
    return answerResult(request, resultOf(removalKind, found), undefined, {
      ended: () => reply(200, view),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
  },
);

/**
 * Calls a purge back before it begins. Later, what was deleted stays deleted; the tenant is then checked, and collected
 * again if its consent still exists.
 */
export const cancelRemovalHandler = handler(
  api.cancelRemoval,
  async (deps: StartRemovalDeps, { path, reply }) => {
    const removal = await findOperation(deps.removals, { id: path.removalId });
    const canceled = await cancelOperation(deps, { store: deps.removals }, removal);
    return reply(202, publicRemoval(canceled));
  },
);
