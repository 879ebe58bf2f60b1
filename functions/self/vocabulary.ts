/** The vocabulary of records: services, operations, record types. */
import * as api from '../../shared/api/self.ts';
import { auditDataSchema } from '../../shared/description/metadata/audit-data.ts';
import {
  listOperations,
  listRecordTypes,
  listServices,
} from '../../shared/description/metadata/vocabulary.ts';
import { RequestError } from '../../shared/errors.ts';
import { handler } from '../../shared/http/handler.ts';

export const listServicesHandler = handler(api.listServices, (_deps, { reply }) =>
  reply(200, { value: listServices() }),
);

export const listOperationsHandler = handler(api.listOperations, (_deps, { query, reply }) =>
  reply(200, { value: listOperations(query.service) }),
);

export const listRecordTypesHandler = handler(api.listRecordTypes, (_deps, { reply }) =>
  reply(200, { value: listRecordTypes() }),
);

export const getRecordTypeSchemaHandler = handler(api.getRecordTypeSchema, (_deps, { path, reply }) => {
  const found = auditDataSchema(path.recordType);
  if (found !== undefined) return reply(200, { recordType: found.name, schema: found.schema });
  throw new RequestError(404, 'RecordTypeNotFound', 'Unknown record type. GET /recordTypes lists them.');
});
