/** OpenAPI 3.1 of the whole HTTP interface, for people and programs. */
import { fileType } from '../api/answers.ts';
import { areaMeanings } from '../api/areas.ts';
import { describeAudience } from '../api/complete.ts';
import { commonHeaders } from '../api/headers.ts';
import { notifications, type Notification } from '../api/notifications.ts';
import type { Operation } from '../api/operation.ts';
import { problemSchema } from '../api/schemas/errors.ts';
import { apiVersion } from '../api/version.ts';
import { webhookRequestHeaders } from '../api/webhook-headers.ts';
import { memoize } from '../lazy.ts';
import { exampleOf, requestExampleOf } from './examples.ts';
import { toJsonSchema, type Definitions, type JsonSchema } from './json-schema.ts';
import { named, nameParts, type SchemaNames } from './named-parts.ts';
import { createParameters, type SharedParameters } from './openapi-parameters.ts';
import { createResponses, described, type SharedResponses } from './openapi-responses.ts';
import { base, input, output } from './openapi-targets.ts';

/** What operations share. */
interface Parts {
  readonly names: SchemaNames;
  readonly parameters: SharedParameters;
  readonly responses: SharedResponses;
}

/** Undefined members are not in the JSON. @see https://spec.openapis.org/oas/v3.1.1 */
export function describeOpenApi(operations: readonly Operation[], serverUrl: string): JsonSchema {
  return { ...documentAnywhere(operations), servers: [{ url: serverUrl }] };
}

/** Anyone may request it, as often as they like: it is made once. */
const documentAnywhere = memoize((operations: readonly Operation[]): JsonSchema => {
  const schemas: Definitions = new Map();
  const names = { schemas, base };
  collectSchemas(operations, schemas);
  nameParts(names);
  const responses = createResponses(names);
  const parts: Parts = { names, responses, parameters: createParameters(operations, names) };
  return {
    openapi: '3.1.1',
    info,
    security: [{ clientKey: [] }, { entra: [] }],
    tags: tagsOf(operations),
    paths: describePaths(operations, parts),
    webhooks: Object.fromEntries(
      notifications.map((each) => [each.event, describeNotification(each, parts)]),
    ),
    components: {
      schemas: sorted(schemas),
      parameters: sorted(parts.parameters.components),
      responses: responses.components(),
      headers: described(commonHeaders),
      securitySchemes,
    },
  };
});

const info = {
  title: 'Auditkeep',
  version: apiVersion,
  description:
    'The Microsoft 365 audit trail of many tenants: preserved, complete, and searchable. Errors are JSON objects as ' +
    'shown here; callers whose Accept header says application/problem+json get a Problem (RFC 9457) instead.',
  license: { name: 'MIT', identifier: 'MIT' },
};

/** Names become those of components only when all of them are known. */
function collectSchemas(operations: readonly Operation[], schemas: Definitions): void {
  for (const { body, answers } of operations) {
    if (body !== undefined) toJsonSchema(body, input, schemas);
    for (const schema of Object.values(answers).map((answer) => answer?.schema))
      if (schema !== undefined) toJsonSchema(schema, output, schemas);
  }
  for (const { body } of notifications) toJsonSchema(body, output, schemas);
  toJsonSchema(problemSchema, output, schemas);
}

function tagsOf(operations: readonly Operation[]) {
  return [...new Set(operations.map(({ area }) => area))].map((name) => ({
    name,
    description: areaMeanings[name],
  }));
}

function describePaths(operations: readonly Operation[], parts: Parts): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) {
    const path = (paths[`/${operation.route}`] ??= {});
    path[operation.method.toLowerCase()] = describeOperation(operation, parts);
  }
  return paths;
}

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
  return audience !== 'identified' && audience.byLink ? [...known, { link: [] }] : undefined;
}

function describeOperation(operation: Operation, parts: Parts): JsonSchema {
  const { id, area, summary, description, audience } = operation;
  return {
    operationId: id,
    tags: [area],
    summary,
    description: `${description} ${describeAudience(audience)}`,
    security: securityOf(operation),
    parameters: parts.parameters.of(operation),
    requestBody: requestBodyOf(operation, parts),
    responses: parts.responses.of(operation),
  };
}

function requestBodyOf(
  { id, body, bodyOptional, file }: Operation,
  { names }: Parts,
): JsonSchema | undefined {
  if (file !== undefined)
    return { required: true, content: { [fileType]: { schema: { type: 'string', format: 'binary' } } } };
  if (body === undefined) return undefined;
  const schema = named(toJsonSchema(body, input, new Map()), `${id}Request`, names);
  const example = requestExampleOf(id) ?? exampleOf(schema, names.schemas);
  return { required: bodyOptional !== true, content: { 'application/json': { schema, example } } };
}

function describeNotification({ id, area, summary, description, body }: Notification, { names }: Parts) {
  const schema = named(toJsonSchema(body, output, new Map()), id, names);
  const example = exampleOf(schema, names.schemas);
  return {
    post: {
      operationId: id,
      tags: [area],
      summary,
      description,
      security: [],
      parameters: webhookRequestHeaders.map((header) => ({
        ...header,
        in: 'header',
        schema: { type: 'string' },
      })),
      requestBody: { required: true, content: { 'application/json': { schema, example } } },
      responses: {
        '2XX': { description: 'The receiver has it.' },
        410: { description: 'Ends the subscription.' },
      },
    },
  };
}

function sorted(parts: ReadonlyMap<string, JsonSchema>): JsonSchema {
  return Object.fromEntries([...parts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
