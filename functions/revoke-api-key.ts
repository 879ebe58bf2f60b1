/** `DELETE /keys/{keyId}`: ends a client key for good. */
import type { HttpFunctionOptions } from '@azure/functions';
import { revokeKey, type ManageKeysDeps } from '../shared/access/manage-keys.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function revokeApiKeyFunction(deps: HttpDeps & ManageKeysDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['DELETE'],
    route: 'keys/{keyId}',
    async handler({ request, caller }) {
      const [id, ifMatch] = [pathParameter(request, 'keyId'), request.headers.get('if-match')];
      await revokeKey(deps, caller, { id, ifMatch });
      return { status: 204 };
    },
  });
}
