/** Kinds of reports as the description of the API has them: a new kind is offered without a change of the console. */

/** An option of a kind: several of known values, or a text. */
export interface KindOption {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Empty: any text. */
  readonly values: readonly string[];
  readonly isList: boolean;
}

export interface Kind {
  /** As requests name it. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly options: readonly KindOption[];
  /** All that its reports can have; the first one is the main one. */
  readonly tables: readonly { readonly name: string; readonly title: string }[];
}

/** @param document OpenAPI; without kinds in it, there are none */
export function kindsIn(document: unknown): readonly Kind[] {
  const kinds = at(document, 'components', 'schemas', 'ReportKind', 'x-report-kinds');
  return listOf(kinds).map((kind) => ({
    name: textOf(at(kind, 'name')),
    title: textOf(at(kind, 'title')),
    description: textOf(at(kind, 'description')),
    options: listOf(at(kind, 'options')).map((name) => optionIn(document, textOf(name))),
    tables: listOf(at(kind, 'tables')).map((table) => ({
      name: textOf(at(table, 'name')),
      title: textOf(at(table, 'title')),
    })),
  }));
}

const schemaOfBody = [
  'paths',
  '/tenants/{tenantId}/reports',
  'post',
  'requestBody',
  'content',
  'application/json',
  'schema',
];

function optionIn(document: unknown, name: string): KindOption {
  const schema = resolved(
    document,
    at(resolved(document, at(document, ...schemaOfBody)), 'properties', name),
  );
  const isList = at(schema, 'type') === 'array';
  const one = isList ? resolved(document, at(schema, 'items')) : schema;
  return {
    name,
    isList,
    title: textOf(at(schema, 'title')) || name,
    description: textOf(at(schema, 'description')),
    values: listOf(at(one, 'enum')).map(textOf),
  };
}

/** A schema that is elsewhere in the document. */
function resolved(document: unknown, schema: unknown): unknown {
  const reference = textOf(at(schema, '$ref'));
  return reference.startsWith('#/') ? at(document, ...reference.slice(2).split('/')) : schema;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
