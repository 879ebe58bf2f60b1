/** Responses in the OpenAPI document: refusals, which most operations have in common, are there once. */
import { commonHeaders, headerMeanings } from '../api/headers.ts';
import type { Answer, Operation } from '../api/operation.ts';
import { refusal } from '../api/answers.ts';
import { errorSchema } from '../api/schemas/errors.ts';
import { errorExample, exampleOf } from './examples.ts';
import { asRecord, toJsonSchema, type JsonSchema } from './json-schema.ts';
import { named, type SchemaNames } from './named-parts.ts';
import { output } from './openapi-targets.ts';

export interface SharedResponses {
  of(operation: Operation): JsonSchema;
  /** By name; complete once all operations are described. */
  components(): JsonSchema;
}

const anyError = refusal(500, 'An error; its code says which one.');

/** Where names come from: those of the document, and the operation that an answer belongs to. */
interface Owned extends SchemaNames {
  readonly owner: string;
}

const folder = '#/components/responses/';

export function createResponses(schemas: SchemaNames): SharedResponses {
  /** Names by content. */
  const names = new Map<string, string>();
  const share = (status: string, response: JsonSchema) => sharedResponse(names, status, response);
  const fallback = describeResponse('default', anyError, { ...schemas, owner: 'Any' });
  return {
    of: ({ id, answers }) => {
      const own = Object.entries(answers)
        .filter(([status]) => status !== '304' || !isFile(answers[200]))
        .map(([status, answer]) => [
          status,
          answer && share(status, describeResponse(status, answer, { ...schemas, owner: id })),
        ]);
      return { ...asRecord(Object.fromEntries(own)), default: { $ref: `${folder}Error` } };
    },
    components: () => {
      const shared = [...names].map(([text, name]): [string, unknown] => [name, JSON.parse(text)]);
      return { Error: fallback, ...asRecord(Object.fromEntries(shared)) };
    },
  };
}

function sharedResponse(names: Map<string, string>, status: string, response: JsonSchema): JsonSchema {
  if (Number(status) < 300) return response;
  const text = JSON.stringify(response);
  const sameStatus = [...names.values()].filter((name) => name.startsWith(`Status${status}`)).length;
  const name = names.get(text) ?? `Status${status}${sameStatus === 0 ? '' : `Variant${sameStatus + 1}`}`;
  names.set(text, name);
  return { $ref: `${folder}${name}` };
}

function describeResponse(status: string, answer: Answer, names: Owned): JsonSchema {
  const { description, schema, headers = [] } = answer;
  const common = Object.keys(commonHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` }]);
  const own = Object.fromEntries(headers.map((name) => [name, headerMeanings[name]]));
  return {
    description,
    headers: { ...described(own), ...asRecord(Object.fromEntries(common)) },
    content: schema && contentOf(status, answer, names),
  };
}

/**
 * What a response holds. There is one media type: generators of clients make a union of several. Alternatives to JSON
 * are left out: a caller has to ask for them.
 */
function contentOf(status: string, { schema, mediaTypes }: Answer, names: Owned): JsonSchema {
  const [type = 'application/json'] = mediaTypes ?? [];
  if (type !== 'application/json' || schema === undefined) return { [type]: { schema: fileSchema(type) } };
  const own = named(toJsonSchema(schema, output, new Map()), `${names.owner}Response`, names);
  const example = schema === errorSchema ? errorExample(status) : exampleOf(own, names.schemas);
  return { 'application/json': { schema: own, example } };
}

/**
 * Kiota makes a method without a result of an operation that answers with a file or with 304. Only callers that send
 * If-None-Match get 304, and the description of that header says so.
 */
function isFile(answer: Answer | undefined): boolean {
  return answer?.mediaTypes !== undefined && !answer.mediaTypes.includes('application/json');
}

function fileSchema(type: string): JsonSchema {
  return type.startsWith('text/') ? { type: 'string' } : { type: 'string', format: 'binary' };
}

export function described(headers: Readonly<Record<string, string>>): JsonSchema {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}
