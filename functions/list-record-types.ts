/** `GET /recordTypes`: the kinds of records, by number and name. */
import type { HttpFunctionOptions } from '@azure/functions';
import { listRecordTypes } from '../shared/description/metadata/vocabulary.ts';
import { authenticated, type HttpDeps } from './http.ts';

export function listRecordTypesFunction(deps: HttpDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'recordTypes',
    handler({ caller }) {
      deps.access.require(caller, 'records.read');
      return Promise.resolve({ jsonBody: { value: listRecordTypes() } });
    },
  });
}
