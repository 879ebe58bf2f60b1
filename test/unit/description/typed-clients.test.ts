/** What generators of typed clients need of the OpenAPI document, for every operation that is ever added. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allOperations } from '../../../shared/api/all.ts';
import { notifications } from '../../../shared/api/notifications.ts';
import { documentSchema as documentSchemaOfOthers } from '../../../shared/api/schemas/metadata.ts';
import { describeOpenApi } from '../../../shared/description/openapi.ts';
import { publishedParser } from '../../support/described.ts';

const node = z.looseObject({});
const media = z.looseObject({ schema: node.optional(), example: z.unknown().optional() });
const response = z.looseObject({
  $ref: z.string().optional(),
  content: z.record(z.string(), media).optional(),
});
const operation = z.looseObject({
  operationId: z.string(),
  tags: z.array(z.string()),
  parameters: z.array(z.looseObject({ $ref: z.string().optional(), name: z.string().optional() })),
  requestBody: z.looseObject({ content: z.record(z.string(), media) }).optional(),
  responses: z.record(z.string(), response),
});
const documentSchema = z.looseObject({
  tags: z.array(z.looseObject({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  webhooks: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({
    schemas: z.record(z.string(), node),
    parameters: z.record(z.string(), z.looseObject({ name: z.string(), schema: node })),
    responses: z.record(z.string(), response),
  }),
});

const document = documentSchema.parse(
  JSON.parse(JSON.stringify(describeOpenApi(allOperations(), 'https://audit.example/api'))),
);
const { components } = document;
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
const named = (id: string) => operations.find(({ operationId }) => operationId === id);

/** Every schema in the document, with its place. */
function* schemasIn(value: unknown, place: string): Generator<[place: string, schema: z.infer<typeof node>]> {
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) yield* schemasIn(one, `${place}/${at}`);
    return;
  }
  const parsed = node.safeParse(value);
  if (!parsed.success) return;
  if (['type', 'anyOf', 'oneOf', 'enum'].some((key) => key in parsed.data)) yield [place, parsed.data];
  const inside = Object.entries(parsed.data).filter(([key]) => key !== 'example');
  for (const [key, member] of inside) yield* schemasIn(member, `${place}/${key}`);
}
const schemas = [...schemasIn(document.paths, ''), ...schemasIn(components, 'components')];
const isComponent = (place: string) => /^components\/schemas\/[^/]+$/.test(place);

describe('the description', () => {
  it('gives every successful answer one media type', () => {
    const several = operations.flatMap(({ operationId, responses }) =>
      Object.entries(responses)
        .filter(([status, { content = {} }]) => status.startsWith('2') && Object.keys(content).length > 1)
        .map(([status]) => `${operationId} ${status}`),
    );
    expect(several).toEqual([]);
  });

  it('describes files as binary content', () => {
    const binary = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
    for (const id of ['GetExportContent', 'StreamRecords'])
      expect(named(id)?.responses['200']?.content).toEqual(binary);
  });

  it('describes a list as an array and a single value as what it is, never as a union', () => {
    const unions = schemas.filter(
      ([, schema]) =>
        'anyOf' in schema || 'oneOf' in schema || (Array.isArray(schema['type']) && isUnion(schema['type'])),
    );
    expect(unions.map(([place]) => place)).toEqual([]);
  });

  it('names every body, every enumeration and every object with members', () => {
    const unnamed = schemas.filter(
      ([place, schema]) =>
        ('enum' in schema || 'properties' in schema) && !isComponent(place) && !place.endsWith('/headers'),
    );
    expect(unnamed.map(([place]) => place)).toEqual([]);
    const bodies = operations.map(({ requestBody }) => requestBody?.content['application/json']);
    const present = bodies.filter((body) => body !== undefined);
    expect(present.length).toBeGreaterThan(6);
    for (const { schema } of present) expect(schema).toHaveProperty('$ref');
  });

  it('has each enumeration once', () => {
    const enumerations = schemas
      .filter(([, schema]) => 'enum' in schema)
      .map(([place, schema]) => [JSON.stringify(schema['enum']), place]);
    const twice = enumerations.filter(
      ([values], at) => enumerations.findIndex(([other]) => other === values) !== at,
    );
    expect(twice).toEqual([]);
  });

  it('has each parameter that operations share once, and one for the version', () => {
    const uses = operations.flatMap(({ parameters }) => parameters.filter(({ $ref }) => $ref === undefined));
    const texts = uses.map((parameter) => JSON.stringify(parameter));
    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
    const versions = Object.values(components.parameters).filter(({ name }) => name === 'api-version');
    expect(versions).toHaveLength(1);
    expect(uses.filter(({ name }) => name === 'api-version' || name === 'tenantId')).toEqual([]);
  });

  it('says which IDs are UUIDs', () => {
    for (const name of ['ExportId', 'EnablementId', 'RemovalId', 'SubscriptionId'])
      expect(components.parameters[name]?.schema).toMatchObject({ type: 'string', format: 'uuid' });
    // A tenant may be named by its domain, and records without an ID of their own get one that is none.
    for (const name of ['TenantId', 'RecordId'])
      expect(components.parameters[name]?.schema).not.toHaveProperty('format');
  });

  it('requires what every listed record has, and says that select narrows it', () => {
    expect(components.schemas['Record']?.['required']).toEqual(
      expect.arrayContaining(['id', 'createdDateTime', 'contentType', 'ingestedDateTime']),
    );
    expect(JSON.stringify(components.schemas['Record']?.['description'])).toContain('select');
  });

  it('answers every operation with the error by default, whose message is marked as such', () => {
    for (const { responses } of operations)
      expect(responses['default']).toEqual({ $ref: '#/components/responses/Error' });
    expect(components.responses['Error']?.content).toMatchObject({
      'application/json': { schema: { $ref: '#/components/schemas/Error' } },
    });
    expect(JSON.stringify(components.schemas['ErrorBody'])).toContain('"x-ms-primary-error-message":true');
  });

  it('describes the calls that receivers get', () => {
    expect(Object.keys(document.webhooks).sort()).toEqual(['records.added', 'subscription.test']);
    for (const hook of Object.values(document.webhooks).flatMap((path) => Object.values(path)))
      expect(Object.keys(hook.requestBody?.content ?? {})).toEqual(['application/json']);
  });

  it('describes every tag', () => {
    expect(document.tags.map(({ name }) => name)).toEqual([
      ...new Set(operations.flatMap(({ tags }) => tags)),
    ]);
    for (const { description } of document.tags) expect(description).toMatch(/^[A-Z].{20,}\.$/);
  });

  it('says the pattern of a format by its name alone', () => {
    expect(schemas.filter(([, schema]) => 'format' in schema && 'pattern' in schema)).toEqual([]);
  });
});

describe('a parameter', () => {
  it('whose value is one of a few lists them', () => {
    const closed = allOperations().flatMap(({ id, query }) =>
      Object.entries<z.core.$ZodType>(query?.shape ?? {})
        .filter(([, schema]) => isChoice(schema))
        .map(([name]) => [id, name] as const),
    );
    expect(closed.length).toBeGreaterThan(1);
    const open = closed.filter(([id, name]) => choicesOf(id, name) === undefined);
    expect(open).toEqual([]);
  });

  /** Refuses a word because it is not one of its values, of which there are several. */
  function isChoice(schema: z.core.$ZodType): boolean {
    const { error } = z.safeParse(schema, ['no such word']);
    return error?.issues.some((issue) => issue.code === 'invalid_value' && issue.values.length > 1) ?? false;
  }

  function choicesOf(id: string, name: string): unknown {
    const parameter = named(id)
      ?.parameters.map(resolved)
      .find((one) => one.name === name);
    const schema = node.parse(parameter?.['schema']);
    const target = typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : undefined;
    return (
      (components.schemas[target ?? ''] ?? schema)['enum'] ??
      (schema['type'] === 'boolean' ? [true, false] : undefined)
    );
  }

  function resolved({ $ref, ...own }: z.infer<typeof operation>['parameters'][number]) {
    return components.parameters[$ref?.split('/').at(-1) ?? ''] ?? own;
  }
});

describe('the examples', () => {
  it('are there for every body and every JSON answer, and fit what they are examples of', () => {
    for (const { id, body, answers } of allOperations()) {
      const described = named(id);
      if (body !== undefined) {
        const example = described?.requestBody?.content['application/json']?.example;
        expect([id, body.safeParse(example)]).toMatchObject([id, { success: true }]);
      }
      for (const [status, answer] of Object.entries(answers)) {
        const content = contentOf(described?.responses[status]);
        if (answer?.schema === undefined || answer.schema === documentSchemaOfOthers || content === undefined)
          continue;
        const result = publishedParser(answer.schema).safeParse(content.example);
        expect([id, status, content.example, result]).toMatchObject([id, status, {}, { success: true }]);
      }
    }
  });

  it('are there for the calls that receivers get', () => {
    for (const { event, body } of notifications) {
      const example = document.webhooks[event]?.['post']?.requestBody?.content['application/json']?.example;
      expect([event, example, publishedParser(body).safeParse(example)]).toMatchObject([
        event,
        {},
        { success: true },
      ]);
    }
  });

  it('show values of their kind, none of them empty or below zero', () => {
    const media = operations.flatMap(({ requestBody, responses }) => [
      ...Object.values(requestBody?.content ?? {}),
      ...Object.values(responses).map((one) => contentOf(one) ?? {}),
    ]);
    const poor = media
      .map(({ example = null }) => JSON.stringify(example))
      .flatMap((text) => text.match(/"(?!type")\w+":\[?("(string)?"|-\d+)/g) ?? []);
    expect(poor).toEqual([]);
  });
});

/** The JSON of a response, also of a shared one. */
function contentOf(given: z.infer<typeof response> | undefined) {
  const name = given?.$ref?.split('/').at(-1);
  const whole = name === undefined ? given : components.responses[name];
  return whole?.content?.['application/json'];
}

/** A type that may be null has one kind of value. */
function isUnion(types: readonly unknown[]): boolean {
  return types.filter((type) => type !== 'null').length > 1;
}
