/** `GET /operations`: operations that are often looked for, of all services or of one. */
import type { HttpFunctionOptions } from '@azure/functions';
import { listOperations } from '../shared/description/metadata/vocabulary.ts';
import { authenticated, type HttpDeps } from './http.ts';

export function listOperationsFunction(deps: HttpDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'operations',
    handler({ request, caller }) {
      deps.access.require(caller, 'records.read');
      const service = request.query.get('service') ?? undefined;
      return Promise.resolve({ jsonBody: { value: listOperations(service) } });
    },
  });
}
