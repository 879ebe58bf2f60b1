/** `GET /keys`: all client keys, live or ended, without their secrets. */
import type { HttpFunctionOptions } from '@azure/functions';
import { publicKey, type ManageKeysDeps } from '../shared/access/manage-keys.ts';
import { authenticated, type HttpDeps } from './http.ts';

export function listApiKeysFunction(deps: HttpDeps & ManageKeysDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'keys',
    async handler({ caller }) {
      deps.access.requireAllTenants(caller, 'keys.manage');
      const keys = await deps.keys.list();
      return { jsonBody: { value: keys.map((key) => publicKey(key, deps.now())) } };
    },
  });
}
