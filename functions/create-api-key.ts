/** `POST /keys`: makes a client key and shows it this once. */
import type { HttpFunctionOptions } from '@azure/functions';
import { createKey, newKeySchema, publicKey, type ManageKeysDeps } from '../shared/access/manage-keys.ts';
import { authenticated, readBody, type HttpDeps } from './http.ts';

export function createApiKeyFunction(deps: HttpDeps & ManageKeysDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'keys',
    async handler({ request, caller }) {
      // Before the body is read: whoever may not do this learns nothing by trying.
      deps.access.requireAllTenants(caller, 'keys.manage');
      const { key, text } = await createKey(deps, caller, await readBody(request, newKeySchema));
      const shown = publicKey(key, deps.now());
      return { status: 201, jsonBody: { ...shown, key: text }, headers: { ETag: shown.etag } };
    },
  });
}
