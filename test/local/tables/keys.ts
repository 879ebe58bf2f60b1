/** Keys of entities: what Azure allows in them, how addresses spell them, and how continuation tokens do. */
import { Refusal } from './refusals.ts';
import type { RowKey } from './row-store.ts';

/** 1 KiB of UTF-16. */
const maxKeyLength = 512;
/** https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#characters-disallowed-in-key-fields */
const disallowed = /[\p{Cc}/\\#?]/u;

/** @throws Refusal of a key that is too long or has characters that keys must not have */
export function checkKey({ partitionKey, rowKey }: RowKey): void {
  for (const key of [partitionKey, rowKey]) {
    if (key.length > maxKeyLength) throw new Refusal('KeyValueTooLarge');
    if (disallowed.test(key)) throw new Refusal('OutOfRangeInput');
  }
}

/** As in the path of an entity: quotes are doubled. */
export function keyInAddress({ partitionKey, rowKey }: RowKey): string {
  const quoted = (key: string) => `'${encodeURIComponent(key.replaceAll("'", "''"))}'`;
  return `(PartitionKey=${quoted(partitionKey)},RowKey=${quoted(rowKey)})`;
}

/** The opaque form in which Azure hands a key out to continue from. */
export function toToken(key: string): string {
  const encoded = Buffer.from(key).toString('base64').replaceAll('=', '-');
  return `1!${encoded.length}!${encoded}`;
}

/** The inverse of {@link toToken}. @throws Refusal of anything else */
export function fromToken(token: string): string {
  const [, length, encoded = ''] = /^1!(\d+)!([\w+/-]*)$/.exec(token) ?? [];
  if (length === undefined || encoded.length !== Number(length))
    throw new Refusal('InvalidInput', 'The continuation token is not one of this service.');
  return Buffer.from(encoded.replaceAll('-', '='), 'base64').toString();
}
