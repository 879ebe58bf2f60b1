/** `GET /services`: services that records come from. */
import type { HttpFunctionOptions } from '@azure/functions';
import { listServices } from '../shared/description/metadata/vocabulary.ts';
import { authenticated, type HttpDeps } from './http.ts';

export function listServicesFunction(deps: HttpDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'services',
    handler({ caller }) {
      deps.access.require(caller, 'records.read');
      return Promise.resolve({ jsonBody: { value: listServices() } });
    },
  });
}
