/** The rows of one table: read through a schema, and written as {@link toEntity} does. */
import { odata, type TableClient, type TableEntity } from '@azure/data-tables';
import type * as z from 'zod';
import { toEntity, type EntityKey } from './columns.ts';
import type { FixedTable } from './table-names.ts';
import { isWritten, type StoredEntity, type Tables } from './tables.ts';

export interface RowsOptions<C extends z.ZodObject, R> {
  readonly table: FixedTable;
  /** All columns but the keys and the etag. Members of other names are not written. */
  readonly columns: C;
  readonly toRow: (columns: z.output<C>, entity: StoredEntity) => R;
}

/** Writes return the new etag. Those that depend on the row's state throw when it differs: see {@link ifUnchanged}. */
export interface Rows<C extends z.ZodObject, R> {
  get(key: EntityKey): Promise<R | undefined>;
  /** In order of their keys; at most `top`. @param filter OData */
  all(filter: string, top?: number): Promise<readonly R[]>;
  /** The rows of a partition; at most `top`. */
  partition(partitionKey: string, top?: number): Promise<readonly R[]>;
  create(key: EntityKey, members: Members<C>): Promise<string>;
  /**
   * Creates a row that only this caller writes: its key, or one of these members, is random. If it exists, this call created
   * it and the answer was lost. False, with nothing written, when another row has the key.
   */
  createOwn(key: EntityKey, members: Members<C>): Promise<boolean>;
  /** Creates the row, or replaces whatever it holds. */
  put(key: EntityKey, members: Members<C>): Promise<string>;
  /** Creates the row, or changes these members of it; absent ones stay as they are. */
  putMembers(key: EntityKey, members: Members<C>): Promise<string>;
  /** @param etag unconditional, but of an existing row, without it */
  replace(key: EntityKey, members: Members<C>, etag?: string): Promise<string>;
  /** As {@link Rows.replace}; absent members stay as they are. */
  merge(key: EntityKey, members: Members<C>, etag?: string): Promise<string>;
  /** @param etag without it, a missing row counts as removed */
  remove(key: EntityKey, etag?: string): Promise<void>;
}

type Members<C extends z.ZodObject> = {
  readonly [Name in keyof z.output<C>]?: Listed<z.output<C>[Name]> | undefined;
};
type Listed<T> = T extends (infer Item)[] ? readonly Item[] : T;

export function openRows<C extends z.ZodObject, R>(
  tables: Tables,
  { table, columns, toRow }: RowsOptions<C, R>,
): Rows<C, R> {
  const read = (entity: StoredEntity) => toRow(columns.parse(entity), entity);
  const entity = (key: EntityKey, members: Members<C>) => entityOf(columns, key, members);
  const all: Rows<C, R>['all'] = async (filter, top) => (await tables.all(table, { filter }, top)).map(read);
  const write = async (operation: (client: TableClient) => Promise<{ readonly etag?: string }>) =>
    (await tables.write(table, operation)).etag ?? '';
  return {
    async get({ partitionKey, rowKey }) {
      const found = await tables.get(table, partitionKey, rowKey);
      return found && read(found);
    },
    all,
    partition: (partitionKey, top) => all(odata`PartitionKey eq ${partitionKey}`, top),
    create: (key, members) => write((client) => client.createEntity(entity(key, members))),
    async createOwn(key, members) {
      const own = entity(key, members);
      if (await isWritten(() => tables.write(table, (client) => client.createEntity(own)))) return true;
      return isSame(own, await tables.get(table, key.partitionKey, key.rowKey));
    },
    put: (key, members) => write((client) => client.upsertEntity(entity(key, members), 'Replace')),
    putMembers: (key, members) => write((client) => client.upsertEntity(entity(key, members), 'Merge')),
    replace: (key, members, etag = '*') =>
      write((client) => client.updateEntity(entity(key, members), 'Replace', { etag })),
    merge: (key, members, etag = '*') =>
      write((client) => client.updateEntity(entity(key, members), 'Merge', { etag })),
    async remove({ partitionKey, rowKey }, etag) {
      if (etag === undefined) await tables.remove(table, partitionKey, rowKey);
      else await tables.write(table, (client) => client.deleteEntity(partitionKey, rowKey, { etag }));
    },
  };
}

/** Whether an entity is stored as it was sent. */
function isSame(sent: TableEntity, stored: StoredEntity | undefined): boolean {
  return stored !== undefined && Object.entries(sent).every(([name, value]) => isEqual(value, stored[name]));
}

function isEqual(one: unknown, other: unknown): boolean {
  if (!(one instanceof Uint8Array)) return one === other;
  return other instanceof Uint8Array && Buffer.compare(one, other) === 0;
}

/** The entity of those members that have a column in the schema. */
export function entityOf(columns: z.ZodObject, key: EntityKey, members: object): TableEntity {
  const known = Object.entries(members).filter(([name]) => name in columns.shape);
  return toEntity(key, Object.fromEntries(known));
}
