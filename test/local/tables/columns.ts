/** Columns of entities: the types of the wire, and Azure's limits. */
import { isObject, parseJson, type JsonObject } from '../../../shared/json.ts';
import { Refusal } from './refusals.ts';
import type { RowKey } from './row-store.ts';

export type EdmType = 'Binary' | 'Boolean' | 'DateTime' | 'Double' | 'Guid' | 'Int32' | 'Int64' | 'String';

export interface Column {
  readonly type: EdmType;
  /** As on the wire: 64-bit integers are digits, binary is base64. */
  readonly value: string | number | boolean;
}

export type Columns = ReadonlyMap<string, Column>;

/** https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#property-limitations */
const maxColumns = 252;
const maxNameLength = 255;
const maxValueBytes = 64 * 1024;
/** Of a text or of binary, in addition to the content. */
const lengthBytes = 4;
const maxEntityBytes = 1024 * 1024;

const typeSuffix = '@odata.type';
/** What the service sets itself, or says about an entity. */
const ignored: ReadonlySet<string> = new Set(['PartitionKey', 'RowKey', 'Timestamp']);
const columnName = /^[\p{L}\p{Nl}_][\p{L}\p{N}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]*$/u;

/**
 * Reads the columns of an entity as a client sends it; null counts as absent.
 * @throws Refusal of names, types, and values that Azure refuses
 */
export function readColumns(entity: JsonObject): Columns {
  const columns = new Map<string, Column>();
  for (const [name, value] of Object.entries(entity)) {
    if (ignored.has(name) || name.includes('odata.') || value === null) continue;
    checkName(name);
    columns.set(name, readColumn(name, value, entity[name + typeSuffix]));
  }
  return columns;
}

/** @throws Refusal of an entity that is larger than Azure's are */
export function checkSize({ partitionKey, rowKey }: RowKey, columns: Columns): void {
  if (columns.size > maxColumns) throw new Refusal('TooManyProperties');
  let bytes = 4 + 2 * (partitionKey.length + rowKey.length);
  for (const [name, column] of columns) bytes += 8 + 2 * name.length + bytesOf(column);
  if (bytes > maxEntityBytes) throw new Refusal('EntityTooLarge');
}

/** The JSON object that is stored: types are named where the value does not show them. */
export function toStored(columns: Columns): string {
  const stored: Record<string, unknown> = {};
  for (const [name, { type, value }] of columns) {
    stored[name] = value;
    if (!isPlain(type, value)) stored[name + typeSuffix] = `Edm.${type}`;
  }
  return JSON.stringify(stored);
}

/** The inverse of {@link toStored}. */
export function fromStored(text: string): Columns {
  const stored = parseJson(text);
  return isObject(stored) ? readColumns(stored) : new Map();
}

/** Some columns as on the wire; those that the entity lacks are null, as Azure has them and Azurite does not. */
export function selectColumns(text: string, names: readonly string[]): JsonObject {
  const stored = parseJson(text);
  const selected: Record<string, unknown> = {};
  for (const name of names) {
    const value = isObject(stored) ? stored[name] : undefined;
    const type = isObject(stored) ? stored[name + typeSuffix] : undefined;
    selected[name] = value ?? null;
    if (type !== undefined) selected[name + typeSuffix] = type;
  }
  return selected;
}

function checkName(name: string): void {
  if (name.length > maxNameLength) throw new Refusal('PropertyNameTooLong');
  if (!columnName.test(name)) throw new Refusal('PropertyNameInvalid', `'${name}'`);
}

function readColumn(name: string, value: unknown, type: unknown): Column {
  const column = type === undefined ? untyped(value) : typed(value, type);
  if (column === undefined) throw new Refusal('InvalidInput', `'${name}' has no value of its type.`);
  if (typeof column.value === 'string' && bytesOf(column) - lengthBytes > maxValueBytes)
    throw new Refusal('PropertyValueTooLarge', `'${name}'`);
  return column;
}

/** A whole number without a type is an Int32, so that one beyond 32 bits is refused. */
function untyped(value: unknown): Column | undefined {
  if (typeof value === 'string') return { type: 'String', value };
  if (typeof value === 'boolean') return { type: 'Boolean', value };
  if (typeof value !== 'number') return undefined;
  if (isInt32(value)) return { type: 'Int32', value };
  return Number.isSafeInteger(value) ? undefined : { type: 'Double', value };
}

function typed(value: unknown, type: unknown): Column | undefined {
  const edm = typeof type === 'string' && type.startsWith('Edm.') ? type.slice(4) : '';
  const reader = Object.hasOwn(readers, edm) ? readers[edm as EdmType] : undefined;
  const read = reader?.(value);
  return read === undefined ? undefined : { type: edm as EdmType, value: read };
}

type Reader = (value: unknown) => Column['value'] | undefined;

const textThat =
  (isRight: (text: string) => boolean): Reader =>
  (value) =>
    typeof value === 'string' && isRight(value) ? value : undefined;

const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const base64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

const readers: Readonly<Record<EdmType, Reader>> = {
  Binary: textThat((text) => base64.test(text)),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  DateTime: (value) => (typeof value === 'string' ? readDate(value) : undefined),
  Double: (value) =>
    typeof value === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(String(value))
      ? (value as number | string)
      : undefined,
  Guid: textThat((text) => guid.test(text)),
  Int32: (value) => (isInt32(value) ? value : undefined),
  Int64: textThat((text) => /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)),
  String: textThat(() => true),
};

/** With seven decimals. */
function readDate(text: string): string | undefined {
  const [, decimals = ''] = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(\d{1,7}))?Z$/.exec(text) ?? [
    text,
    undefined,
  ];
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  const whole = new Date(milliseconds).toISOString().slice(0, 19);
  return `${whole}.${decimals.padEnd(7, '0')}Z`;
}

function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}

/** Whether a reader of JSON sees the type. */
function isPlain(type: EdmType, value: Column['value']): boolean {
  if (type === 'String' || type === 'Boolean' || type === 'Int32') return true;
  return type === 'Double' && typeof value === 'number' && !Number.isInteger(value);
}

function bytesOf({ type, value }: Column): number {
  switch (type) {
    case 'String':
      return lengthBytes + 2 * String(value).length;
    case 'Binary':
      return lengthBytes + Buffer.byteLength(String(value), 'base64');
    case 'Boolean':
      return 1;
    case 'Int32':
      return 4;
    case 'Guid':
      return 16;
    case 'DateTime':
    case 'Double':
    case 'Int64':
      return 8;
  }
}
