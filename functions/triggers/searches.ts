/** Saved searches: of a tenant, and of several. */
import type { Access } from '../../shared/access/access.ts';
import { setNamed } from '../../shared/access/open-tenants.ts';
import { allTenants } from '../../shared/access/tenant-set.ts';
import { sharedSpace } from '../../shared/access/owner.ts';
import * as api from '../../shared/api/searches.ts';
import { handler } from '../../shared/http/handler.ts';
import {
  forgetSearch,
  listedSearches,
  savedSearch,
  shownSearch,
} from '../../shared/searches/answer-search.ts';
import type { ChangeSearchDeps } from '../../shared/searches/change-search.ts';
import type { SearchStore } from '../../shared/searches/search.ts';

interface SearchesDeps {
  readonly searches: SearchStore;
}

export const listSearchesHandler = handler(api.listSearches, async (deps: SearchesDeps, { tenant, reply }) =>
  reply(200, await listedSearches(deps, { owner: tenant.tenantId })),
);

export const listSearchesOfTenantsHandler = handler(
  api.listSearchesOfTenants,
  async (deps: SearchesDeps, { caller, reply }) =>
    reply(200, await listedSearches(deps, sharedSpace(caller))),
);

export const getSearchHandler = handler(
  api.getSearch,
  async (deps: SearchesDeps, { tenant, path, reply }) => {
    const { body, headers } = await shownSearch(deps, { owner: tenant.tenantId }, path.name);
    return reply(200, body, headers);
  },
);

export const getSearchOfTenantsHandler = handler(
  api.getSearchOfTenants,
  async (deps: SearchesDeps, { caller, path, reply }) => {
    const { body, headers } = await shownSearch(deps, sharedSpace(caller), path.name);
    return reply(200, body, headers);
  },
);

export const saveSearchHandler = handler(
  api.saveSearch,
  async (deps: ChangeSearchDeps, { request, caller, tenant, path, body, reply }) => {
    const change = { owner: tenant.tenantId, caller, name: path.name, body };
    const saved = await savedSearch(deps, request, change);
    return saved.status === 200
      ? reply(200, saved.body, saved.headers)
      : reply(201, saved.body, saved.headers);
  },
);

export const saveSearchOfTenantsHandler = handler(
  api.saveSearchOfTenants,
  async (
    deps: ChangeSearchDeps & { readonly access: Access },
    { request, caller, path, body: { tenants: terms = [allTenants], ...rest }, reply },
  ) => {
    const tenants = await setNamed(deps.access, caller, terms, 'records.read');
    const change = { ...sharedSpace(caller), name: path.name, body: { ...rest, tenants } };
    const saved = await savedSearch(deps, request, change);
    return saved.status === 200
      ? reply(200, saved.body, saved.headers)
      : reply(201, saved.body, saved.headers);
  },
);

export const deleteSearchHandler = handler(
  api.deleteSearch,
  async (deps: ChangeSearchDeps, { request, caller, tenant, path, reply }) => {
    await forgetSearch(deps, request, { owner: tenant.tenantId, caller, name: path.name });
    return reply(204);
  },
);

export const deleteSearchOfTenantsHandler = handler(
  api.deleteSearchOfTenants,
  async (deps: ChangeSearchDeps, { request, caller, path, reply }) => {
    await forgetSearch(deps, request, { ...sharedSpace(caller), name: path.name });
    return reply(204);
  },
);
