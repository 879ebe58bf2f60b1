/** `POST /keys/{keyId}/rotate`: gives a key a new secret, shown this once; the one so far works on for a while. */
import type { HttpFunctionOptions } from '@azure/functions';
import { publicKey, rotateKey, rotationSchema, type ManageKeysDeps } from '../shared/access/manage-keys.ts';
import { authenticated, pathParameter, readOptionalBody, type HttpDeps } from './http.ts';

export function rotateApiKeyFunction(deps: HttpDeps & ManageKeysDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'keys/{keyId}/rotate',
    async handler({ request, caller }) {
      deps.access.requireAllTenants(caller, 'keys.manage');
      const rotation = await readOptionalBody(request, rotationSchema);
      const [id, ifMatch] = [pathParameter(request, 'keyId'), request.headers.get('if-match')];
      const { key, text } = await rotateKey(deps, caller, { ...rotation, id, ifMatch });
      const shown = publicKey(key, deps.now());
      return { status: 200, jsonBody: { ...shown, key: text }, headers: { ETag: shown.etag } };
    },
  });
}
