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
