/** Operations on records. */
import * as z from 'zod';
import { countParameters } from '../../query/count-query.ts';
import { listParameters, tenantsParameters } from '../../query/record-query.ts';
import {
  countsSchema,
  recordListSchema,
  recordsOfTenantsSchema,
  recordWithDataSchema,
} from '../answers/records.ts';
import { refusal } from '../complete.ts';
import type { Operation } from '../operation.ts';
import { cost, id, json, ofTenant } from './parameters.ts';

const area = 'Records';
const audience = { scope: 'records.read' } as const;
const recordId = id('Record ID', 'Id of the record.');

/** Only for who describes: the answer is the same. */
const expectedType = z
  .string()
  .optional()
  .meta({
    title: 'Record Type',
    description: 'Kind of record that is expected: it only says which fields you can choose from.',
    'x-ms-dynamic-values': {
      operationId: 'ListRecordTypes',
      'value-collection': 'value',
      'value-path': 'name',
      'value-title': 'displayName',
    },
    'x-ms-dynamic-list': {
      operationId: 'ListRecordTypes',
      itemsPath: 'value',
      itemValuePath: 'name',
      itemTitlePath: 'displayName',
    },
  });

const listHeaders = z.object({
  Accept: z.string().optional().meta({
    description: 'application/x-ndjson or text/csv: all records in one answer, without pages.',
  }),
});

export const recordOperations: readonly Operation[] = [
  {
    ...{ operationId: 'ListRecords', method: 'GET', route: 'tenants/{tenantId}/records', area, audience },
    summary: 'List records',
    description: 'Lists the records of a tenant that pass all filters, newest first, page by page.',
    parameters: z.object({ ...ofTenant.shape, ...listParameters.shape }),
    headers: listHeaders,
    responses: {
      200: {
        ...json('A page of records; or all of them, as text.', recordListSchema),
        mediaTypes: ['application/json', 'application/x-ndjson', 'text/csv'],
        headers: [...cost, ...(['Vary', 'x-auditkeep-complete-through', 'x-auditkeep-is-partial'] as const)],
      },
    },
    connector: { visibility: 'important', pageable: true },
  },
  {
    ...{ operationId: 'ListRecordsOfTenants', method: 'GET', route: 'records', area, audience },
    summary: 'List records of several tenants',
    description: 'Lists the records of several tenants that pass all filters, merged by time.',
    parameters: tenantsParameters,
    responses: {
      200: json('A page of records.', recordsOfTenantsSchema, cost),
      404: refusal(404),
    },
    connector: { visibility: 'none', pageable: true },
  },
  {
    ...{ operationId: 'CountRecords', method: 'GET', route: 'tenants/{tenantId}/records/summary', area },
    audience,
    summary: 'Count records',
    description: 'Counts the records of a tenant that pass all filters, by one or two of their members.',
    parameters: z.object({ ...ofTenant.shape, ...countParameters.shape }),
    responses: { 200: json('The counts.', countsSchema, cost) },
    connector: { visibility: 'none', pageable: true },
  },
  {
    ...{ operationId: 'GetRecord', method: 'GET', route: 'tenants/{tenantId}/records/{recordId}', area },
    audience,
    summary: 'Get a record',
    description: 'Gets one record with everything it says, as fields to choose from.',
    parameters: z.object({ ...ofTenant.shape, recordId, recordType: expectedType }),
    responses: { 200: json('The record.', recordWithDataSchema) },
    connector: { visibility: 'important' },
  },
  {
    ...{ operationId: 'GetRecordAuditData', method: 'GET', area, audience },
    route: 'tenants/{tenantId}/records/{recordId}/auditData',
    summary: 'Get the text of a record',
    description: 'Gets the exact bytes that Microsoft delivered; ETag is their SHA-256.',
    parameters: z.object({ ...ofTenant.shape, recordId }),
    responses: { 200: { ...json('The bytes.', z.unknown()), headers: ['ETag'] } },
  },
];
