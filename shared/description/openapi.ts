/** OpenAPI 3.1 of the whole HTTP interface, for people and programs. */
import * as z from 'zod';
import { problemType } from '../http/problem.ts';
import { apiVersion } from '../api/version.ts';
import { errorSchema, problemSchema } from '../api/schemas/errors.ts';
import { describeAudience } from '../api/complete.ts';
import {
  asRecord,
  toJsonSchema,
  wireSchema,
  type Definitions,
  type JsonSchema,
  type SchemaTarget,
} from './json-schema.ts';
import { commonHeaders, headerMeanings } from '../api/headers.ts';
import type { Answer, Operation } from '../api/operation.ts';
import { parametersOf } from './parameters.ts';
import { memoize } from '../lazy.ts';

const base = '#/components/schemas/';
export const input: SchemaTarget = { io: 'input', dialect: 'draft-2020-12', base };
const output: SchemaTarget = { ...input, io: 'output' };

/** What operations share. */
interface Parts {
  readonly schemas: Definitions;
  /** Names by content. */
  readonly responses: Map<string, string>;
}

/** Undefined members are not in the JSON. @see https://spec.openapis.org/oas/v3.1.1 */
export function describeOpenApi(operations: readonly Operation[], serverUrl: string): JsonSchema {
  return { ...documentAnywhere(operations), servers: [{ url: serverUrl }] };
}

/** Anyone may request it, as often as they like: it is made once. */
const documentAnywhere = memoize((operations: readonly Operation[]): JsonSchema => {
  const parts: Parts = { schemas: new Map(), responses: new Map() };
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) {
    const path = (paths[`/${operation.route}`] ??= {});
    path[operation.method.toLowerCase()] = describeOperation(operation, parts);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Auditkeep',
      version: apiVersion,
      description: 'The Microsoft 365 audit trail of many tenants: preserved, complete, and searchable.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: [{ clientKey: [] }, { entra: [] }],
    tags: [...new Set(operations.map(({ area }) => area))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries([...parts.schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: Object.fromEntries([...parts.responses].map(([text, name]) => [name, JSON.parse(text)])),
      headers: described(commonHeaders),
      securitySchemes,
    },
  };
});

const securitySchemes = {
  clientKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'A client key.' },
  entra: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A Microsoft Entra token.' },
  link: { type: 'apiKey', in: 'query', name: 't', description: 'From the Location header of an answer.' },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description: 'As defined by Standard Webhooks.',
  },
};

/** Undefined where the default of the document applies. */
function securityOf({ audience }: Operation): readonly object[] | undefined {
  const known = [{ clientKey: [] }, { entra: [] }];
  if (audience === 'anonymous') return [];
  if (audience === 'signed') return [...known, { signature: [] }];
  return audience.byLink && [...known, { link: [] }];
}

function describeOperation(operation: Operation, parts: Parts): JsonSchema {
  const { id, area, summary, description, audience, body, bodyOptional, answers } = operation;
  const schema = body && toJsonSchema(body, input, parts.schemas);
  return {
    operationId: id,
    tags: [area],
    summary,
    description: `${description} ${describeAudience(audience)}`,
    security: securityOf(operation),
    parameters: describeParameters(operation),
    requestBody: schema && { required: bodyOptional !== true, content: { 'application/json': { schema } } },
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [
        status,
        answer && sharedResponse(status, describeResponse(answer, parts.schemas), parts),
      ]),
    ),
  };
}

export function describeParameters(operation: Operation) {
  return parametersOf(operation, (schema) => wireSchema(schema, input)).map(({ schema, ...parameter }) => {
    const { description, title, ...rest } = schema;
    // Several values are sent one by one, or separated by commas.
    const isList = parameter.in === 'query' && rest['type'] === 'array';
    return {
      ...parameter,
      description: description ?? title,
      style: isList ? 'form' : undefined,
      explode: isList ? true : undefined,
      schema: rest,
    };
  });
}

/** Most refusals are the same for all operations. */
function sharedResponse(status: string, response: JsonSchema, { responses }: Parts): JsonSchema {
  if (Number(status) < 300) return response;
  const text = JSON.stringify(response);
  const sameStatus = [...responses.values()].filter((name) => name.startsWith(`Status${status}`)).length;
  const name = responses.get(text) ?? `Status${status}${sameStatus === 0 ? '' : `Variant${sameStatus + 1}`}`;
  responses.set(text, name);
  return { $ref: `#/components/responses/${name}` };
}

function describeResponse(answer: Answer, schemas: Definitions): JsonSchema {
  const { description, schema, headers = [] } = answer;
  const common = Object.keys(commonHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` }]);
  const own = Object.fromEntries(headers.map((name) => [name, headerMeanings[name]]));
  return {
    description,
    headers: { ...described(own), ...asRecord(Object.fromEntries(common)) },
    content: schema && Object.fromEntries(contentsOf(answer, schemas)),
  };
}

/**
 * What a response holds, by media type. Only JSON has a schema to be checked against. Errors are also available as
 * problems.
 * @param schemas receives the named schemas
 */
export function contentsOf(
  { schema, mediaTypes = ['application/json'], alternatives = [] }: Answer,
  schemas: Definitions,
): readonly (readonly [type: string, content: { readonly schema: JsonSchema }])[] {
  if (schema === undefined) return [];
  const problem: readonly string[] = schema === errorSchema ? [problemType] : [];
  const schemaOf = (type: string) => {
    if (type === problemType) return problemSchema;
    return type === 'application/json' ? schema : z.string();
  };
  return [...mediaTypes, ...alternatives, ...problem].map((type) => [
    type,
    { schema: toJsonSchema(schemaOf(type), output, schemas) },
  ]);
}

function described(headers: Readonly<Record<string, string>>): JsonSchema {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}
