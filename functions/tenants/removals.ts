/** Removals of tenants. */
import * as z from 'zod';
import * as api from '../../shared/api/tenants.ts';
import { invalidParameter } from '../../shared/errors.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import { findRemoval, publicRemoval, type RemovalStore } from '../../shared/tenants/removal.ts';
import { startRemoval, type RemovalDeps } from '../../shared/tenants/remove-tenant.ts';

interface RemovalsDeps {
  readonly removals: RemovalStore;
}

export const removeTenantHandler = handler(
  api.removeTenant,
  async (deps: RemovalDeps, { request, path, query, reply }) => {
    const id = z.guid().toLowerCase().safeParse(path.tenantId).data;
    if (id === undefined) throw invalidParameter('tenantId', "'tenantId' must be a GUID.");
    // Nothing to offboard; what was kept of an earlier tenant can still be purged.
    if (!query.purge && (await deps.tenants.get(id)) === undefined) return reply(204);
    const removal = await startRemoval(deps, id, query.purge);
    const monitor = addressOf(request, `../../removals/${removal.removalId}`);
    const headers = { Location: `${monitor}/result`, 'Operation-Location': monitor, 'Retry-After': '10' };
    return reply(202, publicRemoval(removal), headers);
  },
);

export const getRemovalHandler = handler(
  api.getRemoval,
  async ({ removals }: RemovalsDeps, { path, reply }) =>
    reply(200, publicRemoval(await findRemoval(removals, path.removalId))),
);

export const getRemovalResultHandler = handler(
  api.getRemovalResult,
  async ({ removals }: RemovalsDeps, { request, path, reply }) => {
    const removal = await findRemoval(removals, path.removalId);
    if (removal.status === 'Succeeded') return reply(200, publicRemoval(removal));
    const headers = { Location: addressOf(request, '../result'), 'Retry-After': '10' };
    return reply(202, publicRemoval(removal), headers);
  },
);
