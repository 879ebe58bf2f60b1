/** `GET /recordTypes/{recordType}/schema`: what records of a kind say, for makers to choose fields from. */
import type { HttpFunctionOptions } from '@azure/functions';
import { auditDataSchema } from '../shared/description/metadata/audit-data.ts';
import { RequestError } from '../shared/errors.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getRecordTypeSchemaFunction(deps: HttpDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'recordTypes/{recordType}/schema',
    handler({ request, caller }) {
      deps.access.require(caller, 'records.read');
      const found = auditDataSchema(pathParameter(request, 'recordType'));
      if (found === undefined) {
        const message = 'There is no such record type; GET /recordTypes lists them.';
        return Promise.reject(new RequestError(404, 'RecordTypeNotFound', message));
      }
      return Promise.resolve({ jsonBody: { recordType: found.name, schema: found.schema } });
    },
  });
}
