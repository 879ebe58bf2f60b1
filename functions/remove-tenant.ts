/** `DELETE /tenants/{tenantId}`: takes a tenant out of care; `purge=true` deletes what was collected, too. */
import type { HttpFunctionOptions } from '@azure/functions';
import * as z from 'zod';
import { invalidParameter } from '../shared/errors.ts';
import { publicRemoval } from '../shared/tenants/removal.ts';
import { startRemoval, type RemovalDeps } from '../shared/tenants/remove-tenant.ts';
import { tenantIdSchema } from '../shared/tenants/tenant.ts';
import { addressOf, authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

export function removeTenantFunction(deps: HttpDeps & RemovalDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['DELETE'],
    route: 'tenants/{tenantId}',
    handler: (call) => answerRemoval(deps, call),
  });
}

async function answerRemoval(deps: HttpDeps & RemovalDeps, { request, caller }: Call) {
  deps.access.requireAllTenants(caller, 'tenants.manage');
  const id = tenantIdSchema.safeParse(pathParameter(request, 'tenantId')).data;
  if (id === undefined) throw invalidParameter('tenantId', 'tenantId: is no tenant id.');
  const purge = purgeOf(request.query.get('purge'));
  // Gone already; but what was kept of it can still be deleted.
  if (!purge && (await deps.tenants.get(id)) === undefined) return { status: 204 };
  const removal = await startRemoval(deps, id, purge);
  const monitor = addressOf(request, `../../removals/${removal.removalId}`);
  const headers = { Location: `${monitor}/result`, 'Operation-Location': monitor, 'Retry-After': '10' };
  return { status: 202, jsonBody: publicRemoval(removal), headers };
}

const flag = z.enum(['true', 'false']);

function purgeOf(text: string | null): boolean {
  const parsed = flag.safeParse((text ?? 'false').toLowerCase());
  if (!parsed.success) throw invalidParameter('purge', 'purge: send true or false.');
  return parsed.data === 'true';
}
