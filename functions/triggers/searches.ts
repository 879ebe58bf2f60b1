/** Saved searches. */
import * as api from '../../shared/api/searches.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import {
  deleteSearch,
  saveSearch,
  searchTag,
  type ChangeSearchDeps,
} from '../../shared/searches/change-search.ts';
import { findSearch, publicSearch, type SearchStore } from '../../shared/searches/search.ts';

interface SearchesDeps {
  readonly searches: SearchStore;
}

export const listSearchesHandler = handler(
  api.listSearches,
  async ({ searches }: SearchesDeps, { tenant, reply }) =>
    reply(200, { value: (await searches.list(tenant.tenantId)).map(publicSearch) }),
);

export const getSearchHandler = handler(
  api.getSearch,
  async ({ searches }: SearchesDeps, { tenant, path, reply }) => {
    const search = await findSearch(searches, tenant.tenantId, path.name);
    return reply(200, publicSearch(search), { ETag: searchTag(search) });
  },
);

export const saveSearchHandler = handler(
  api.saveSearch,
  async (deps: ChangeSearchDeps, { request, caller, tenant, path, body, reply }) => {
    const { headers } = request;
    const preconditions = { ifMatch: headers.get('if-match'), ifNoneMatch: headers.get('if-none-match') };
    const named = { tenantId: tenant.tenantId, name: path.name };
    const { search, isNew } = await saveSearch(deps, { ...named, caller, body, preconditions });
    const ETag = searchTag(search);
    if (!isNew) return reply(200, publicSearch(search), { ETag });
    const Location = addressOf(request, '.').replace(/\/$/, '');
    return reply(201, publicSearch(search), { ETag, Location });
  },
);

export const deleteSearchHandler = handler(
  api.deleteSearch,
  async (deps: ChangeSearchDeps, { request, caller, tenant, path, reply }) => {
    const ifMatch = request.headers.get('if-match');
    await deleteSearch(deps, { tenantId: tenant.tenantId, name: path.name, caller, ifMatch });
    return reply(204);
  },
);
