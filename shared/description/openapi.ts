/** OpenAPI 3.1 of the whole HTTP interface, for people and programs. */
import * as z from 'zod';
import { problemType } from '../access/problem.ts';
import { apiVersion } from '../api-version.ts';
import { problemSchema } from './answers/errors.ts';
import { describeAudience } from './complete.ts';
import {
  asRecord,
  toJsonSchema,
  wireSchema,
  type Definitions,
  type JsonSchema,
  type SchemaTarget,
} from './json-schema.ts';
import { commonHeaders, headerMeanings, type DescribedResponse, type Operation } from './operation.ts';
import { parametersOf } from './parameters.ts';
import { remembered } from './remembered.ts';

const base = '#/components/schemas/';
const input: SchemaTarget = { io: 'input', dialect: 'draft-2020-12', base };
const output: SchemaTarget = { ...input, io: 'output' };

/** What operations share, once for all of them. */
interface Parts {
  readonly schemas: Definitions;
  /** Name by text. */
  readonly responses: Map<string, string>;
}

/** @see https://spec.openapis.org/oas/v3.1.1 */
export function describeOpenApi(operations: readonly Operation[], serverUrl: string): JsonSchema {
  return { ...rememberedDocument(operations), servers: [{ url: serverUrl }] };
}

/** Anybody may ask for it, as often as they like: it is made once. */
const rememberedDocument = remembered(describeAnywhere);

function describeAnywhere(operations: readonly Operation[]): JsonSchema {
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
      description: 'The Microsoft 365 audit trail of many tenants: kept, complete, and searchable.',
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
}

const securitySchemes = {
  clientKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'A client key.' },
  entra: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A Microsoft Entra token.' },
  link: { type: 'apiKey', in: 'query', name: 't', description: 'Stands in a Location that was given.' },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description: 'As Standard Webhooks has it.',
  },
};

function securityOf({ audience }: Operation): JsonSchema {
  const known = [{ clientKey: [] }, { entra: [] }];
  if (audience === 'anonymous') return { security: [] };
  if (audience === 'signed') return { security: [...known, { signature: [] }] };
  return audience.orLink === true ? { security: [...known, { link: [] }] } : {};
}

function describeOperation(operation: Operation, parts: Parts): JsonSchema {
  const { operationId, area, summary, description, audience, body, bodyOptional } = operation;
  return {
    operationId,
    tags: [area],
    summary,
    description: `${description} ${describeAudience(audience)}`,
    ...securityOf(operation),
    parameters: describeParameters(operation),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: bodyOptional !== true,
            content: { 'application/json': { schema: toJsonSchema(body, input, parts.schemas) } },
          },
        }),
    responses: Object.fromEntries(
      Object.entries(operation.responses).flatMap(([status, response]) =>
        response === undefined
          ? []
          : [[status, sharedResponse(status, describeResponse(response, parts), parts)]],
      ),
    ),
  };
}

function describeParameters(operation: Operation): readonly JsonSchema[] {
  return parametersOf(operation, (schema) => wireSchema(schema, input)).map(({ schema, ...parameter }) => {
    const { description, title, ...rest } = asRecord(schema);
    return {
      ...parameter,
      description: description ?? title,
      // Several values are given one by one, or as a list with commas.
      ...(parameter.in === 'query' && rest['type'] === 'array' ? { style: 'form', explode: true } : {}),
      schema: rest,
    };
  });
}

/** Most operations are refused in the same words. */
function sharedResponse(status: string, response: JsonSchema, { responses }: Parts): JsonSchema {
  if (Number(status) < 300) return response;
  const text = JSON.stringify(response);
  const alike = [...responses.values()].filter((name) => name.startsWith(`Status${status}`)).length;
  const name = responses.get(text) ?? `Status${status}${alike === 0 ? '' : `Variant${alike + 1}`}`;
  responses.set(text, name);
  return { $ref: `#/components/responses/${name}` };
}

function describeResponse(response: DescribedResponse, parts: Parts): JsonSchema {
  const { description, schema, headers = [] } = response;
  const common = Object.keys(commonHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` }]);
  const own = Object.fromEntries(headers.map((name) => [name, headerMeanings[name]]));
  return {
    description,
    headers: { ...described(own), ...asRecord(Object.fromEntries(common)) },
    ...(schema === undefined ? {} : { content: contentOf(response, schema, parts) }),
  };
}

/** Text is text whatever is in it; only JSON has a schema to be held against. */
function contentOf(
  { mediaTypes = ['application/json'] }: DescribedResponse,
  schema: z.ZodType,
  parts: Parts,
): JsonSchema {
  const text = z.string();
  const schemaOf = (type: string) => {
    if (type === problemType) return problemSchema;
    return type === 'application/json' ? schema : text;
  };
  return Object.fromEntries(
    mediaTypes.map((type) => [type, { schema: toJsonSchema(schemaOf(type), output, parts.schemas) }]),
  );
}

function described(headers: Readonly<Record<string, string>>): JsonSchema {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}
