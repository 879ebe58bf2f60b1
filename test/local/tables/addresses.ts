/** What a path of the table service is about. */
import { Refusal } from './refusals.ts';
import type { RowKey } from './row-store.ts';

export type Resource =
  | { readonly kind: 'tables' }
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'transaction' }
  /** `mytable`, or `mytable()` */
  | { readonly kind: 'entities'; readonly table: string }
  | { readonly kind: 'entity'; readonly table: string; readonly key: RowKey };

const text = /'((?:[^']|'')*)'/.source;
const tablePath = new RegExp(`^Tables\\(${text}\\)$`);
const entityPath = new RegExp(`^(\\w+)\\(PartitionKey=${text},RowKey=${text}\\)$`);
const entitiesPath = /^(\w+)(?:\(\))?$/;

/**
 * @returns the account, and what of it
 * @throws Refusal of a path that is none of these
 */
export function readAddress({ pathname }: URL): readonly [account: string, resource: Resource] {
  const [, account = '', rest = ''] = /^\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
  return [account, resourceOf(decodeURIComponent(rest))];
}

function resourceOf(path: string): Resource {
  if (path === 'Tables' || path === 'Tables()') return { kind: 'tables' };
  if (path === '$batch') return { kind: 'transaction' };
  const [, dropped] = tablePath.exec(path) ?? [];
  if (dropped !== undefined) return { kind: 'table', table: unquoted(dropped) };
  const [, of = '', partitionKey, rowKey] = entityPath.exec(path) ?? [];
  if (partitionKey !== undefined && rowKey !== undefined)
    return {
      kind: 'entity',
      table: of,
      key: { partitionKey: unquoted(partitionKey), rowKey: unquoted(rowKey) },
    };
  const [, table] = entitiesPath.exec(path) ?? [];
  if (table === undefined) throw new Refusal('NotImplemented', `The path is '${path}'.`);
  return { kind: 'entities', table };
}

function unquoted(key: string): string {
  return key.replaceAll("''", "'");
}
