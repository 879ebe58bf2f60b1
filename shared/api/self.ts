/** Operations that describe: the vocabulary of records, and this interface itself. */
import * as z from 'zod';
import { once } from '../http/parameters.ts';
import { content, json, refusal } from './answers.ts';
import { operation } from './operation.ts';
import {
  documentSchema,
  healthSchema,
  namedListSchema,
  recordTypeListSchema,
  recordTypeSchemaSchema,
} from './schemas/metadata.ts';

const vocabulary = {
  area: 'Vocabulary',
  audience: { scope: 'records.read' },
  connector: { visibility: 'internal' },
} as const;
const open = { area: 'Description', audience: 'anonymous' } as const;

export const listServices = operation('ListServices', ['GET', 'services'], {
  ...vocabulary,
  summary: 'List services',
  description: 'Lists the services that records come from.',
  answers: { 200: json('The services.', namedListSchema) },
});

export const listOperations = operation('ListOperations', ['GET', 'operations'], {
  ...vocabulary,
  summary: 'List operations',
  description: 'Lists frequently searched operations; records may have others.',
  query: z.strictObject({
    service: once(z.string())
      .optional()
      .meta({ title: 'Service', description: 'Only operations of this service.' }),
  }),
  answers: { 200: json('The operations.', namedListSchema) },
});

export const listRecordTypes = operation('ListRecordTypes', ['GET', 'recordTypes'], {
  ...vocabulary,
  summary: 'List record types',
  description: 'Lists the record types by number and name.',
  answers: { 200: json('The record types.', recordTypeListSchema) },
});

export const getRecordTypeSchema = operation(
  'GetRecordTypeSchema',
  ['GET', 'recordTypes/{recordType}/schema'],
  {
    ...vocabulary,
    summary: 'Get the schema of a record type',
    description: 'Describes the data of records of one type, as a JSON Schema of auditData.',
    answers: { 200: json('The schema.', recordTypeSchemaSchema), 404: refusal(404) },
  },
);

export const getHealth = operation('GetHealth', ['GET', 'health'], {
  ...open,
  summary: 'Get health',
  description: 'Shows that the app answers, and nothing else.',
  answers: { 200: json('The app answers.', healthSchema) },
});

export const getOpenApi = operation('GetOpenApi', ['GET', 'openapi.json'], {
  ...open,
  summary: 'Get the OpenAPI document',
  description: 'Describes this interface as OpenAPI 3.1.',
  answers: { 200: json('The document.', documentSchema) },
});

export const getDocs = operation('GetDocs', ['GET', 'docs'], {
  ...open,
  summary: 'Read the documentation',
  description: 'Shows the documentation of this interface as a page.',
  answers: {
    200: content('The page.', ['text/html'], ['Content-Security-Policy', 'Referrer-Policy']),
  },
});

const docsFileHeaders = ['Cache-Control', 'Content-Encoding', 'Vary'] as const;

export const getDocsScript = operation('GetDocsScript', ['GET', 'docs/{version}/script.js'], {
  ...open,
  summary: 'Get the script of the documentation',
  description: 'Belongs to the page of the documentation, which has its address.',
  answers: { 200: content('The script.', ['text/javascript'], docsFileHeaders), 404: refusal(404) },
});

export const getDocsStyle = operation('GetDocsStyle', ['GET', 'docs/{version}/style.css'], {
  ...open,
  summary: 'Get the style of the documentation',
  description: 'Belongs to the page of the documentation, which has its address.',
  answers: { 200: content('The style.', ['text/css'], docsFileHeaders), 404: refusal(404) },
});

export const getConnectorDefinition = operation(
  'GetConnectorDefinition',
  ['GET', 'connector/apiDefinition.swagger.json'],
  {
    ...open,
    summary: 'Get the connector',
    description: 'Describes this interface for Power Automate, ready to be imported.',
    answers: { 200: json('A Swagger 2.0 document.', documentSchema) },
  },
);

export const getConnectorProperties = operation(
  'GetConnectorProperties',
  ['GET', 'connector/apiProperties.json'],
  {
    ...open,
    summary: 'Get the properties of the connector',
    description: 'Belongs to the definition of the connector.',
    answers: { 200: json('The properties.', documentSchema) },
  },
);

export const getConnectorIcon = operation('GetConnectorIcon', ['GET', 'connector/icon.png'], {
  ...open,
  summary: 'Get the icon of the connector',
  description: 'Belongs to the definition of the connector.',
  answers: { 200: content('The icon.', ['image/png'], []) },
});
