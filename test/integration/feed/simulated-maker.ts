/** A maker of flows who knows nothing but the connector's definition: titles, boxes, and lists to choose from. */
import * as z from 'zod';
import { send } from './simulated-flow.ts';

const parameterSchema = z.looseObject({
  name: z.string(),
  in: z.string(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  'x-ms-summary': z.string().optional(),
  'x-ms-dynamic-values': z
    .object({
      operationId: z.string(),
      'value-collection': z.string(),
      'value-path': z.string(),
      'value-title': z.string(),
    })
    .optional(),
});
type Parameter = z.infer<typeof parameterSchema>;

const operationSchema = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  parameters: z.array(parameterSchema),
});
const definitionSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

export interface Card {
  /** The address that a flow calls, with what is in the boxes: texts by label; the others keep their defaults. */
  readonly addressWith: (filled?: Readonly<Record<string, string>>) => string;
  /** Values by the title that a maker sees, in order. */
  readonly choicesOf: (label: string) => Promise<ReadonlyMap<string, string>>;
}

/**
 * @param origin of the app
 * @param headers of the connection
 * @throws Error when the definition has no operation of that title
 */
export async function openCard(
  origin: string,
  headers: Readonly<Record<string, string>>,
  title: string,
): Promise<Card> {
  const operations = operationsIn(await readJson(`${origin}/api/connector/apiDefinition.swagger.json`, {}));
  const find = (isIt: (operation: Operation) => boolean) => {
    const operation = operations.find(isIt);
    if (operation === undefined) throw new Error(`The definition has nothing for ${title}.`);
    return operation;
  };
  const card = find(({ summary }) => summary === title);
  const addressWith = (filled = {}) => addressOf(origin, card, filled);
  const choicesOf = async (label: string) => {
    const box = card.parameters.find((parameter) => parameter['x-ms-summary'] === label);
    const list = box?.['x-ms-dynamic-values'];
    if (list === undefined) throw new Error(`${title} has no list of ${label}.`);
    const listing = find(({ operationId }) => operationId === list.operationId);
    const answer = z
      .record(z.string(), z.unknown())
      .parse(await readJson(addressOf(origin, listing, {}), headers));
    const entries = z.array(z.record(z.string(), z.string())).parse(answer[list['value-collection']]);
    return new Map(
      entries.map((entry) => [entry[list['value-title']] ?? '', entry[list['value-path']] ?? '']),
    );
  };
  return { addressWith, choicesOf };
}

interface Operation extends z.infer<typeof operationSchema> {
  readonly path: string;
}

function operationsIn(definition: unknown): readonly Operation[] {
  return Object.entries(definitionSchema.parse(definition).paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap((method) => {
      const { data } = operationSchema.safeParse(method);
      return data === undefined ? [] : [{ ...data, path }];
    }),
  );
}

function addressOf(
  origin: string,
  { path, parameters }: Operation,
  filled: Readonly<Record<string, string>>,
): string {
  const url = new URL(path, origin);
  for (const parameter of parameters.filter(({ in: place }) => place === 'query')) {
    const text = filled[parameter['x-ms-summary'] ?? ''] ?? defaultOf(parameter);
    if (text !== undefined) url.searchParams.set(parameter.name, text);
  }
  return url.href;
}

function defaultOf(parameter: Parameter): string | undefined {
  return parameter.default === undefined ? undefined : String(parameter.default);
}

async function readJson(address: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
  return JSON.parse((await send(address, { headers })).text);
}
