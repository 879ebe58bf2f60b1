/** What a maker sees of a trigger or action, read from the connector's definition like Power Automate. */
import * as z from 'zod';

const visibility = z.enum(['important', 'advanced', 'internal']).optional();

const field = z.looseObject({
  'x-ms-summary': z.string().optional(),
  'x-ms-visibility': visibility,
  'x-ms-dynamic-values': z.unknown().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  type: z.unknown().optional(),
});
type Property = z.infer<typeof field>;

const objectSchema = z.looseObject({
  $ref: z.string().optional(),
  properties: z.record(z.string(), field).optional(),
  required: z.array(z.string()).optional(),
});

const parameter = field.extend({
  in: z.enum(['path', 'query', 'body']),
  required: z.boolean().optional(),
  schema: objectSchema.optional(),
});

const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  'x-ms-trigger': z.string().optional(),
  parameters: z.array(parameter),
});

const definition = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  definitions: z.record(z.string(), objectSchema),
});

export interface CardField {
  readonly label: string;
  readonly isRequired: boolean;
  /** Values are chosen from a list. */
  readonly isList: boolean;
  /** Text in the empty box. */
  readonly hint: string;
}

export interface Card {
  readonly operationId: string;
  readonly isTrigger: boolean;
  readonly title: string;
  readonly description: string;
  /** In order, without those that makers never see. */
  readonly fields: readonly CardField[];
}

/** @throws Error when the definition has no such operation */
export function cardOf(document: unknown, operationId: string): Card {
  const { paths, definitions } = definition.parse(document);
  const all = Object.values(paths).flatMap((methods) => Object.values(methods));
  const found = all.flatMap((each) => operation.safeParse(each).data ?? []);
  const shown = found.find((each) => each.operationId === operationId);
  if (shown === undefined) throw new Error(`The definition has no operation ${operationId}.`);
  const { summary: title, description, parameters } = shown;
  const fields = parameters.flatMap((each) =>
    each.schema === undefined
      ? [fieldOf(each, each.required === true)]
      : fieldsOf(resolved(each.schema, definitions)),
  );
  return {
    operationId,
    title,
    description,
    isTrigger: shown['x-ms-trigger'] !== undefined,
    fields: fields.filter((each) => each !== undefined),
  };
}

function resolved(
  schema: z.infer<typeof objectSchema>,
  definitions: Readonly<Record<string, z.infer<typeof objectSchema>>>,
): z.infer<typeof objectSchema> {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (definitions[name] ?? schema);
}

function fieldsOf({ properties = {}, required = [] }: z.infer<typeof objectSchema>) {
  return Object.entries(properties).flatMap(([name, property]) =>
    // Nested members have separate boxes, and would not fit.
    property.type === 'object' ? [] : [fieldOf(property, required.includes(name))],
  );
}

function fieldOf(property: Property, isRequired: boolean): CardField | undefined {
  const { 'x-ms-visibility': shown, description = '', type } = property;
  const label = property['x-ms-summary'];
  if (label === undefined || shown === 'internal') return undefined;
  const hasList = property['x-ms-dynamic-values'] !== undefined || property.enum !== undefined;
  return { label, isRequired, isList: hasList || type === 'boolean', hint: description };
}
