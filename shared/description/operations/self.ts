/** Operations that describe: what records can say, and this interface itself. */
import * as z from 'zod';
import {
  documentSchema,
  healthSchema,
  namedListSchema,
  recordTypeListSchema,
  recordTypeSchemaSchema,
} from '../answers/metadata.ts';
import { refusal } from '../complete.ts';
import type { Operation } from '../operation.ts';
import { id, json } from './parameters.ts';

const vocabulary = { area: 'Vocabulary', audience: { scope: 'records.read' } } as const;
const open = { area: 'Description', audience: 'anonymous' } as const;
const internal = { visibility: 'internal' } as const;

export const selfOperations: readonly Operation[] = [
  {
    ...{ operationId: 'ListServices', method: 'GET', route: 'services', ...vocabulary },
    summary: 'List services',
    description: 'Lists services that records come from.',
    responses: { 200: json('The services.', namedListSchema) },
    connector: internal,
  },
  {
    ...{ operationId: 'ListOperations', method: 'GET', route: 'operations', ...vocabulary },
    summary: 'List operations',
    description: 'Lists operations that are often looked for; records may have others.',
    parameters: z.object({
      service: z
        .string()
        .optional()
        .meta({ title: 'Service', description: 'Operations of this service only.' }),
    }),
    responses: { 200: json('The operations.', namedListSchema) },
    connector: internal,
  },
  {
    ...{ operationId: 'ListRecordTypes', method: 'GET', route: 'recordTypes', ...vocabulary },
    summary: 'List record types',
    description: 'Lists the kinds of records by number and name.',
    responses: { 200: json('The record types.', recordTypeListSchema) },
    connector: internal,
  },
  {
    ...{ operationId: 'GetRecordTypeSchema', method: 'GET', ...vocabulary },
    route: 'recordTypes/{recordType}/schema',
    summary: 'Get the schema of a record type',
    description: 'Describes what records of a kind say, as a JSON Schema of auditData.',
    parameters: z.object({ recordType: id('Record Type', 'Name or number of the record type.') }),
    responses: { 200: json('The schema.', recordTypeSchemaSchema), 404: refusal(404) },
    connector: internal,
  },
  {
    ...{ operationId: 'GetHealth', method: 'GET', route: 'health', ...open },
    summary: 'Get health',
    description: 'Tells whether the app answers at all, and nothing else.',
    responses: { 200: json('It does.', healthSchema) },
  },
  {
    ...{ operationId: 'GetOpenApi', method: 'GET', route: 'openapi.json', ...open },
    summary: 'Get the description',
    description: 'Describes this interface as OpenAPI 3.1.',
    responses: { 200: json('The description.', documentSchema) },
  },
  {
    ...{ operationId: 'GetDocs', method: 'GET', route: 'docs', ...open },
    summary: 'Read the description',
    description: 'Shows the description of this interface as a page.',
    responses: {
      200: {
        ...{ description: 'The page.', schema: z.string(), mediaTypes: ['text/html'] },
        headers: ['Content-Security-Policy', 'Referrer-Policy'],
      },
    },
  },
  {
    ...{ operationId: 'GetConnectorDefinition', method: 'GET', ...open },
    route: 'connector/apiDefinition.swagger.json',
    summary: 'Get the connector',
    description: 'Describes this interface to Power Automate, ready to be imported.',
    responses: { 200: json('A Swagger 2.0 document.', documentSchema) },
  },
  {
    ...{ operationId: 'GetConnectorProperties', method: 'GET', ...open },
    route: 'connector/apiProperties.json',
    summary: 'Get the properties of the connector',
    description: 'Goes with the definition of the connector.',
    responses: { 200: json('The properties.', documentSchema) },
  },
  {
    ...{ operationId: 'GetConnectorIcon', method: 'GET', route: 'connector/icon.png', ...open },
    summary: 'Get the icon of the connector',
    description: 'Goes with the definition of the connector.',
    responses: { 200: { description: 'The icon.', schema: z.string(), mediaTypes: ['image/png'] } },
  },
];
