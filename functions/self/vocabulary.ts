/** The vocabulary of records: services, operations, record types. */
import * as api from '../../shared/api/self.ts';
import { RequestError } from '../../shared/errors.ts';
import { handler } from '../../shared/http/handler.ts';
import { loadPart } from '../../shared/lazy.ts';

const loadVocabulary = () => loadPart(() => import('../../shared/description/metadata/vocabulary.ts'));

export const listServicesHandler = handler(api.listServices, async (_deps, { reply }) => {
  const { listServices } = await loadVocabulary();
  return reply(200, { value: listServices() });
});

export const listOperationsHandler = handler(api.listOperations, async (_deps, { query, reply }) => {
  const { listOperations } = await loadVocabulary();
  return reply(200, { value: listOperations(query.service) });
});

export const listRecordTypesHandler = handler(api.listRecordTypes, async (_deps, { reply }) => {
  const { listRecordTypes } = await loadVocabulary();
  return reply(200, { value: listRecordTypes() });
});

export const getRecordTypeSchemaHandler = handler(api.getRecordTypeSchema, async (_deps, { path, reply }) => {
  const { auditDataSchema } = await loadPart(() => import('../../shared/description/metadata/audit-data.ts'));
  const found = auditDataSchema(path.recordType);
  if (found !== undefined) return reply(200, { recordType: found.name, schema: found.schema });
  throw new RequestError(404, 'RecordTypeNotFound', 'Unknown record type. GET /recordTypes lists them.');
});
