/** Operations on records. */
import * as z from 'zod';
import { countParameters, tenantsCountParameters } from '../query/count-query.ts';
import { lineFormats } from '../exports/export.ts';
import { streamedTypes } from '../exports/formats.ts';
import { filterParameters } from '../query/filters.ts';
import { listParameters, tenantsParameters } from '../query/record-query.ts';
import { choice, once } from '../http/parameters.ts';
import { deliveredJson, file, json, refusal } from './answers.ts';
import { completenessHeaders, costHeaders } from './headers.ts';
import { operation } from './operation.ts';
import {
  countsOfTenantsSchema,
  countsSchema,
  recordListSchema,
  recordsOfTenantsSchema,
  recordWithDataSchema,
} from './schemas/records.ts';

const area = 'Records';
const audience = { scope: 'records.read' } as const;

const streamFormat = choice(
  z.enum(lineFormats, `must be one of ${lineFormats.join(', ')}`).meta({ id: 'StreamFormat' }),
);
const streamParameters = filterParameters.extend({
  format: streamFormat.default('ndjson').meta({
    title: 'Format',
    description: "Records as delivered, one per line; the portal's columns; or one column per member.",
  }),
});

/** Selects the schema that the connector shows; it does not change the answer. */
const expectedType = once(z.string()).optional().meta({
  title: 'Record Type',
  description: 'Expected record type. It only determines which fields the connector offers.',
});

export const listRecords = operation('ListRecords', ['GET', 'tenants/{tenantId}/records'], {
  area,
  audience,
  summary: 'List records',
  description: 'Lists the records of a tenant that pass all filters, newest first, in pages.',
  query: listParameters,
  isQuery: true,
  answers: {
    200: {
      description: 'A page of records.',
      schema: recordListSchema,
      // Older callers ask here for what StreamRecords answers.
      alternatives: streamedTypes,
      headers: [...costHeaders, 'Vary', ...completenessHeaders],
    },
    414: refusal(414),
  },
  connector: { visibility: 'important', pageable: true },
});

export const streamRecords = operation('StreamRecords', ['GET', 'tenants/{tenantId}/records-stream'], {
  area,
  audience,
  summary: 'Download records',
  description:
    'Returns all records of a tenant that pass all filters in one response, newest first, within ten minutes. An export has no limit.',
  query: streamParameters,
  isQuery: true,
  answers: { 200: file('The records.', ['Content-Disposition', ...completenessHeaders]) },
});

export const listRecordsOfTenants = operation('ListRecordsOfTenants', ['GET', 'records'], {
  area,
  audience,
  summary: 'List records of several tenants',
  description:
    'Lists the records of several tenants that pass all filters, merged by time. The first pages of many tenants may be empty.',
  query: tenantsParameters,
  isQuery: true,
  answers: {
    200: { ...json('A page of records.', recordsOfTenantsSchema, costHeaders), keepsTexts: true },
    404: refusal(404),
    414: refusal(414),
  },
  connector: { visibility: 'none', pageable: true },
});

export const countRecords = operation('CountRecords', ['GET', 'tenants/{tenantId}/records/summary'], {
  area,
  audience,
  summary: 'Count records',
  description: 'Counts the records of a tenant that pass all filters, grouped by one or two members.',
  query: countParameters,
  isQuery: true,
  answers: { 200: json('The counts.', countsSchema, costHeaders), 414: refusal(414) },
  connector: { visibility: 'none', pageable: true },
});

export const countRecordsOfTenants = operation('CountRecordsOfTenants', ['GET', 'records/summary'], {
  area,
  audience,
  summary: 'Count records of several tenants',
  description:
    'Counts the records of several tenants that pass all filters, grouped by one or two members, or by tenant. The counts of all pages add up.',
  query: tenantsCountParameters,
  isQuery: true,
  answers: {
    200: json('The counts.', countsOfTenantsSchema, costHeaders),
    404: refusal(404),
    414: refusal(414),
  },
  connector: { visibility: 'none', pageable: true },
});

export const getRecord = operation('GetRecord', ['GET', 'tenants/{tenantId}/records/{recordId}'], {
  area,
  audience,
  summary: 'Get a record',
  description: 'Returns one record with all its data, as fields to choose from.',
  query: z.strictObject({ recordType: expectedType }),
  answers: { 200: deliveredJson('The record.', recordWithDataSchema, []) },
  connector: { visibility: 'important' },
});

export const getRecordAuditData = operation(
  'GetRecordAuditData',
  ['GET', 'tenants/{tenantId}/records/{recordId}/auditData'],
  {
    area,
    audience,
    summary: 'Get the text of a record',
    description: 'Returns the exact bytes that Microsoft delivered; ETag is their SHA-256.',
    answers: {
      200: deliveredJson('The bytes.', z.unknown(), ['ETag']),
    },
  },
);
