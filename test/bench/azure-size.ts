/** How many bytes Table Storage charges an entity with. */

const entityBytes = 4;
const propertyBytes = 8;
const characterBytes = 2;
const lengthBytes = 4;

/**
 * Bytes by Azure's own formula: 4 + 2 × length of both keys + for each property 8 + 2 × length of its name + its
 * value. Timestamp and what a reader adds (etag) are not stored by the app and not counted.
 * @throws {Error} for a value that Table Storage does not know
 * @see https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
export function entitySize(entity: Readonly<Record<string, unknown>>): number {
  const { partitionKey = '', rowKey = '', ...properties } = entity;
  const keys = String(partitionKey).length + String(rowKey).length;
  return Object.entries(properties)
    .filter(([name, value]) => value !== undefined && !isReadersOwn(name))
    .reduce(
      (sum, [name, value]) => sum + propertyBytes + characterBytes * name.length + valueSize(value),
      entityBytes + characterBytes * keys,
    );
}

function isReadersOwn(name: string): boolean {
  return name === 'timestamp' || name === 'etag' || name.startsWith('odata.');
}

/** Int64, double and DateTime 8, Int32 4, Boolean 1; text and binary carry their length. */
function valueSize(value: unknown): number {
  if (typeof value === 'string') return characterBytes * value.length + lengthBytes;
  if (value instanceof Uint8Array) return value.length + lengthBytes;
  if (typeof value === 'bigint' || value instanceof Date) return 8;
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 4 : 8;
  if (typeof value === 'boolean') return 1;
  throw new Error(`Table Storage has no values of type ${typeof value}`);
}
