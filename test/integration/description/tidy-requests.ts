/** Requests made from the description that have nothing in them that is meant to be refused. */
import fc from 'fast-check';
import { asRecord, wireSchema, type JsonSchema } from '../../../shared/description/json-schema.ts';
import type { Operation } from '../../../shared/api/operation.ts';
import { parametersOf, type DescribedParameter } from '../../../shared/description/parameters.ts';
import { alternativesOf, bodySchemaOf, scalars, singleOf, soundTexts, target } from './requests.ts';
import { wildRequestsTo, type Ingredients, type Known } from './requests.ts';
import type { Sent } from './whole-app.ts';

/** Requests to one operation, of both kinds. */
export function requestsTo(operation: Operation, ingredients: Ingredients): fc.Arbitrary<Sent> {
  return fc.oneof(tidyRequestsTo(operation, ingredients), wildRequestsTo(operation, ingredients));
}

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,11}$/);
/** Boxes that are filled in: with all of them, hardly anything is found. */
const maxFilled = 3;

function tidyRequestsTo(operation: Operation, { known, callers }: Ingredients): fc.Arbitrary<Sent> {
  const parameters = parametersOf(operation, (schema) => wireSchema(schema, target));
  const valuesIn = (place: DescribedParameter['in']) =>
    Object.fromEntries(
      parameters
        .filter((each) => each.in === place)
        .map(({ name, schema }) => [name, soundTexts(singleOf(schema), known[name] ?? [], word)]),
    );
  const required = parameters.filter((each) => each.in === 'query' && each.required).map(({ name }) => name);
  const query = valuesIn('query');
  const { body, method, route } = operation;
  return fc
    .record({
      path: fc.record(valuesIn('path')),
      values: fc.record(query),
      names: fc.subarray(Object.keys(query), { maxLength: Math.min(maxFilled, Object.keys(query).length) }),
      content: body === undefined ? fc.constant(undefined) : tidyJson(bodySchemaOf(body), known, ''),
    })
    .map(({ path, values, names, content }) => {
      const pairs = [...new Set([...required, ...names])].map((name): [string, string] => [
        name,
        values[name] ?? '',
      ]);
      const filled = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
      const sent = { method, path: `${filled}?${new URLSearchParams(pairs).toString()}` };
      if (body === undefined) return { ...sent, headers: { ...callers[0] } };
      const headers = { ...callers[0], 'content-type': 'application/json' };
      return { ...sent, headers, body: JSON.stringify(content) };
    });
}

function tidyJson(schema: JsonSchema, known: Known, name: string): fc.Arbitrary<unknown> {
  const others = alternativesOf(schema);
  if (others.length > 0) return fc.oneof(...others.map((other) => tidyJson(asRecord(other), known, name)));
  if (schema['type'] === 'object') return tidyObject(schema, known);
  if (schema['type'] !== 'array') return scalars(schema, known[name] ?? [], word);
  return fc.array(tidyJson(asRecord(schema['items']), known, name), { minLength: 1, maxLength: maxFilled });
}

function tidyObject(schema: JsonSchema, known: Known): fc.Arbitrary<unknown> {
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const members = Object.entries(asRecord(schema['properties']));
  const always = members.filter(([member]) => required.includes(member));
  return fc.subarray(members, { maxLength: Math.min(maxFilled, members.length) }).chain((some) => {
    const all = new Map([...always, ...some]);
    const each = [...all].map(([member, type]) => [member, tidyJson(asRecord(type), known, member)] as const);
    return fc.record(Object.fromEntries(each));
  });
}
