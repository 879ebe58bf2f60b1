/** Requests that write one entity: alone, or as a command of a transaction. */
import { isObject, parseJson } from '../../../shared/json.ts';
import type { Resource } from './addresses.ts';
import { readColumns } from './columns.ts';
import type { EntityWrite } from './entity-writes.ts';
import type { TableRequest } from './messages.ts';
import { Refusal } from './refusals.ts';

export interface TableWrite {
  readonly table: string;
  readonly write: EntityWrite;
}

const kinds: Readonly<Partial<Record<string, EntityWrite['kind']>>> = {
  DELETE: 'delete',
  MERGE: 'merge',
  PATCH: 'merge',
  PUT: 'replace',
};

/** @throws Refusal of a request that writes no entity, or one that Azure refuses */
export function readWrite({ method, headers, body }: TableRequest, resource: Resource): TableWrite {
  if (resource.kind === 'entities' && method === 'POST') return readInsertion(resource.table, body);
  const kind = kinds[method];
  if (resource.kind !== 'entity' || kind === undefined)
    throw new Refusal('NotImplemented', `The method is ${method}.`);
  const { table, key } = resource;
  const ifMatch = headers['if-match'];
  const columns = kind === 'delete' ? new Map<string, never>() : readColumns(readEntity(body));
  return { table, write: { kind, key, columns, ifMatch } };
}

function readInsertion(table: string, body: string): TableWrite {
  const entity = readEntity(body);
  const { PartitionKey: partitionKey, RowKey: rowKey } = entity;
  if (typeof partitionKey !== 'string' || typeof rowKey !== 'string')
    throw new Refusal('PropertiesNeedValue');
  const columns = readColumns(entity);
  return { table, write: { kind: 'insert', key: { partitionKey, rowKey }, columns, ifMatch: undefined } };
}

function readEntity(body: string) {
  const entity = parseJson(body);
  if (!isObject(entity)) throw new Refusal('InvalidInput', 'The body is not an entity.');
  return entity;
}
