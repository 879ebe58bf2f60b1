/** The connector for Power Automate, made from the same operations: Swagger 2.0. */
import { allTenants } from '../access/tenant-set.ts';
import { apiVersion } from '../api/version.ts';
import { simplified, titled } from './connector-schema.ts';
import {
  asRecord,
  toJsonSchema,
  wireSchema,
  type Definitions,
  type JsonSchema,
  type SchemaTarget,
} from './json-schema.ts';
import type { ConnectorRole, Answer, Operation } from '../api/operation.ts';
import { parametersOf, type DescribedParameter } from './parameters.ts';
import { pickers } from '../api/pickers.ts';
import { isObject } from '../json.ts';
import { memoize } from '../lazy.ts';

const input: SchemaTarget = { io: 'input', dialect: 'draft-4', base: '#/definitions/' };
const output: SchemaTarget = { ...input, io: 'output' };

/** An operation in the connector. */
type Shown = Operation & { readonly connector: ConnectorRole };

/**
 * @param baseUrl where the app answers, such as `https://audit.example/api`; a connection's own host replaces its host
 * @see https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions
 */
export function describeConnector(operations: readonly Operation[], baseUrl: string): JsonSchema {
  const { host, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/$/, '');
  const { paths, definitions } = partsOf(operations);
  return {
    swagger: '2.0',
    info,
    host,
    // Gateways replace the host and nothing else.
    basePath: '/',
    schemes: ['https'],
    consumes: ['application/json'],
    produces: ['application/json'],
    paths: Object.fromEntries(Object.entries(paths).map(([route, path]) => [`${prefix}/${route}`, path])),
    definitions,
    parameters: {},
    securityDefinitions: { api_key: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
    security: [{ api_key: [] }],
    tags: [],
    'x-ms-capabilities': { testConnection: { operationId: 'ListTenants' } },
    'x-ms-connector-metadata': metadata,
  };
}

/** Independent of the app's address. */
const partsOf = memoize((operations: readonly Operation[]) => {
  const definitions: Definitions = new Map();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations.filter(isShown)) {
    const path = (paths[operation.route] ??= {});
    path[operation.method.toLowerCase()] = describeOperation(operation, definitions);
    const { notification } = operation.connector;
    if (notification === undefined) continue;
    const schema = simplified(toJsonSchema(notification, output, definitions));
    path['x-ms-notification-content'] = { description: 'The records that were found.', schema };
  }
  const named = [...definitions].map(([name, schema]) => [name, simplified(schema)] as const);
  return { paths, definitions: Object.fromEntries(named) };
});

const info = {
  title: 'Auditkeep',
  description:
    'Searches the Microsoft 365 audit trail that Auditkeep keeps: who did what, when, from where and to which file ' +
    'or mailbox, in every managed tenant.',
  version: '1.0',
  contact: { name: 'Auditkeep', url: 'https://auditkeep.example', email: 'help@auditkeep.example' },
};

const metadata = [
  { propertyName: 'Website', propertyValue: 'https://auditkeep.example' },
  { propertyName: 'Privacy policy', propertyValue: 'https://auditkeep.example/privacy' },
  { propertyName: 'Categories', propertyValue: 'Security;IT Operations' },
];

function isShown(operation: Operation): operation is Shown {
  return operation.connector !== undefined;
}

function describeOperation(operation: Shown, definitions: Definitions): JsonSchema {
  const { visibility, pageable, trigger, summary, description } = operation.connector;
  return {
    operationId: operation.id,
    summary: summary ?? operation.summary,
    description: description ?? operation.description,
    'x-ms-visibility': visibility === 'none' ? undefined : visibility,
    'x-ms-pageable': pageable === true ? { nextLinkName: 'nextLink' } : undefined,
    'x-ms-trigger': trigger,
    parameters: describeParameters(operation, definitions),
    responses: describeResponses(operation, definitions),
  };
}

/** The version that this definition was made for; connections always send it. */
const version = {
  name: 'api-version',
  in: 'query',
  required: true,
  type: 'string',
  default: apiVersion,
  'x-ms-visibility': 'internal',
  'x-ms-summary': 'Version',
  description: 'Version of the interface.',
};

function describeParameters(operation: Shown, definitions: Definitions): readonly JsonSchema[] {
  const { without = [], body = operation.body } = operation.connector;
  // Connections send their own headers, and flows follow nextLink.
  const left = new Set(['skiptoken', 'api-version', ...without]);
  const parameters = parametersOf(operation, (schema) => wireSchema(schema, input))
    .filter((parameter) => parameter.in !== 'header' && !left.has(parameter.name))
    .map(describeParameter)
    .sort((one, other) => tenantsFirst(one['name'], other['name']));
  if (body === undefined) return [...parameters, version];
  const schema = withPickers(simplified(toJsonSchema(body, input, definitions)));
  return [...parameters, version, { name: 'body', in: 'body', required: true, schema }];
}

/** Which tenants an answer is about is what makers fill in first. */
function tenantsFirst(one: unknown, other: unknown): number {
  return Number(other === 'tenants') - Number(one === 'tenants');
}

/** Only texts are chosen from lists, and only where the schema has no list of its own. */
function withPicker(name: string, schema: JsonSchema): JsonSchema {
  const isOpen =
    schema['type'] === 'string' && schema['enum'] === undefined && !('x-ms-dynamic-values' in schema);
  return isOpen ? { ...schema, ...pickers[name] } : schema;
}

/** For members of a body, at any depth. */
function withPickers(schema: JsonSchema): JsonSchema {
  if (!isObject(schema['properties'])) return schema;
  const members = Object.entries(schema['properties'])
    .map(([name, member]) => [name, withPicker(name, withPickers(asRecord(member)))] as const)
    .sort(([one], [other]) => tenantsFirst(one, other));
  return { ...schema, properties: Object.fromEntries(members) };
}

function describeParameter({ schema, ...parameter }: DescribedParameter): JsonSchema {
  // A list is one text with commas: gateways do not support repeated parameters.
  const isList = schema['type'] === 'array';
  const { enum: choices } = asRecord(schema['items']);
  const one = isList ? { ...schema, items: undefined, type: 'string', enum: choices } : schema;
  const encoding = parameter.in === 'path' ? { 'x-ms-url-encoding': 'single' } : {};
  // Reading is about all tenants unless a maker says otherwise; what changes something says so in its body.
  const choice = parameter.name === 'tenants' ? { default: allTenants } : {};
  return { ...parameter, ...withPicker(parameter.name, titled(parameter.name, one)), ...choice, ...encoding };
}

/** Only the answer that a flow continues with has a schema; the validator expects exactly one. */
function describeResponses({ answers, connector: { result } }: Shown, definitions: Definitions): JsonSchema {
  const responses: Operation['answers'] =
    result === undefined ? answers : { ...answers, 200: { description: 'The result.', schema: result } };
  const main = ['200', '201'].find((status) => responses[Number(status)]?.schema !== undefined);
  return Object.fromEntries(
    Object.entries(responses).flatMap(([status, response]) => {
      if (response === undefined || status === '304') return [];
      return [[status, describeResponse(response, status === main ? definitions : undefined)]];
    }),
  );
}

function describeResponse(
  { description, schema, mediaTypes = ['application/json'] }: Answer,
  definitions: Definitions | undefined,
): JsonSchema {
  if (schema === undefined || definitions === undefined) return { description };
  if (!mediaTypes.includes('application/json')) {
    return { description, schema: { type: 'string', format: 'binary' } };
  }
  return { description, schema: asRecord(simplified(toJsonSchema(schema, output, definitions))) };
}

/** Ids of the operations that answer in pages. */
export function pageableOperations(operations: readonly Operation[]): readonly string[] {
  return operations.filter(({ connector }) => connector?.pageable === true).map(({ id }) => id);
}
