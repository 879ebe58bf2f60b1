/** How members are stored in columns, and the schemas that read them. */
import type { TableEntity } from '@azure/data-tables';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { parseJson } from '../../json.ts';

export { storedDate as dateColumn } from '../../stored-date.ts';

export const binaryColumn = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** Parses a column that holds JSON. */
export function jsonColumn<T extends z.ZodType>(schema: T) {
  return z.string().transform(parseJson).pipe(schema);
}

/** JSON in a fraction of its size. */
export function packed(value: unknown): Uint8Array {
  return gzipSync(JSON.stringify(value));
}

/** The inverse of {@link packed}. @throws ZodError when the value does not fit the schema */
export function unpacked<T extends z.ZodType>(schema: T, bytes: Uint8Array): z.output<T> {
  return schema.parse(JSON.parse(gunzipSync(bytes).toString('utf8')));
}

/** A binary column holds 64 KiB, an entity 1 MiB. */
const columnBytes = 60 * 1024;
const maxColumns = 14;

/** {@link packed}, in as many columns as it takes; undefined if that is more than an entity holds. */
export function packedColumns(value: unknown): ({ readonly parts: number } & object) | undefined {
  const bytes = packed(value);
  const parts = Math.ceil(bytes.length / columnBytes);
  if (parts > maxColumns) return undefined;
  const chunks = Array.from({ length: parts }, (_, index): [string, Uint8Array] => [
    `packed${index}`,
    bytes.subarray(index * columnBytes, (index + 1) * columnBytes),
  ]);
  return { ...Object.fromEntries<Uint8Array>(chunks), parts };
}

const partsColumn = z.object({ parts: z.number() });

/** The inverse of {@link packedColumns}. @throws ZodError when the value does not fit the schema */
export function unpackedColumns<T extends z.ZodType>(
  schema: T,
  entity: Readonly<Record<string, unknown>>,
): z.output<T> {
  const { parts } = partsColumn.parse(entity);
  const chunks = Array.from({ length: parts }, (_, index) => binaryColumn.parse(entity[`packed${index}`]));
  return unpacked(schema, Buffer.concat(chunks));
}

export interface EntityKey {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** An entity of members: dates are ISO text, structures JSON, and absent members have no column. */
export function toEntity({ partitionKey, rowKey }: EntityKey, members: object): TableEntity {
  const columns = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, columnOf(value)] as const],
  );
  return { ...Object.fromEntries<unknown>(columns), partitionKey, rowKey };
}

function columnOf(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' && !(value instanceof Uint8Array) ? JSON.stringify(value) : value;
}
