/** Tables by name, created when they are first written to. */
import {
  RestError,
  TableClient,
  TableServiceClient,
  type TableEntity,
  type TransactionAction,
} from '@azure/data-tables';
import type { StorageSettings } from '../../config.ts';
import type { TenantTable } from '../../index/keys.ts';
import { creatingIfMissing, hasErrorCode, storageAccess, unlessMissing } from '../storage.ts';
import { isTenantTable, type TableName } from './table-names.ts';

/** An entity as storage returns it: its columns are not validated yet. */
export type StoredEntity = Readonly<Record<string, unknown>> & {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly etag: string;
};

export interface EntityQuery {
  /** OData over keys and columns; callers' values enter only through {@link odata}. */
  readonly filter: string;
  /** @default 1000, the most that storage allows */
  readonly pageSize?: number;
  readonly token?: string | undefined;
  /** @default all columns */
  readonly select?: string[] | undefined;
}

export interface EntityPage {
  readonly entities: readonly StoredEntity[];
  readonly token: string | undefined;
}

export interface Tables {
  /** Runs a write; creates the table first if it is missing. */
  write<T>(table: TableName, operation: (client: TableClient) => Promise<T>): Promise<T>;
  /** At most 100 actions on one partition, all or none. @returns the etags, in order */
  transact(table: TableName, actions: TransactionAction[]): Promise<readonly (string | undefined)[]>;
  /** Any number of entities of one partition, upserted in transactions of at most 100. */
  upsertAll(table: TableName, entities: readonly TableEntity[]): Promise<void>;
  /** Undefined when the entity or the table does not exist, or the table is being deleted. */
  get(table: TableName, partitionKey: string, rowKey: string): Promise<StoredEntity | undefined>;
  /** Removes an entity; succeeds if there is none. */
  remove(table: TableName, partitionKey: string, rowKey: string): Promise<void>;
  /** One page; a table that is missing or being deleted is an empty one. */
  page(table: TableName, query: EntityQuery): Promise<EntityPage>;
  /** All entities that match, or the first `top`. */
  all(table: TableName, query: EntityQuery, top?: number): Promise<readonly StoredEntity[]>;
  /** Deletes a table and its content; succeeds if there is none, or if it is being deleted. */
  drop(table: TableName): Promise<void>;
  /** Names of tables of tenants in [from, to), in order. */
  names(from: string, to: string): Promise<readonly TenantTable[]>;
}

const maxPageSize = 1000;
const tableMissing = 'TableNotFound';

export function createTables(settings: StorageSettings): Tables {
  const open = tableOpener(settings);
  const service = tableService(settings);
  const clients = new Map<TableName, TableClient>();
  const client = (name: TableName): TableClient => {
    const opened = clients.get(name) ?? open(name);
    clients.set(name, opened);
    return opened;
  };
  const write: Tables['write'] = (table, operation) => {
    const create = () => client(table).createTable();
    return creatingIfMissing({ code: tableMissing, create }, () => operation(client(table)));
  };
  const transact: Tables['transact'] = async (table, actions) => {
    if (actions.length === 0) return [];
    const { subResponses } = await write(table, (target) => target.submitTransaction(actions));
    return subResponses.map(({ etag }) => etag);
  };
  const page: Tables['page'] = (table, query) => readPage(client(table), query);
  return {
    write,
    transact,
    page,
    async upsertAll(table, entities) {
      // A transaction must not contain an entity twice: the last one counts.
      const distinct = [...new Map(entities.map((entity) => [entity.rowKey, entity])).values()];
      for (let at = 0; at < distinct.length; at += 100) {
        const actions = distinct
          .slice(at, at + 100)
          .map((entity): TransactionAction => ['upsert', entity, 'Replace']);
        await transact(table, actions);
      }
    },
    async get(table, partitionKey, rowKey) {
      const found = await unlessAbsent(() => client(table).getEntity(partitionKey, rowKey));
      return found && toStored(found);
    },
    async remove(table, partitionKey, rowKey) {
      await unlessAbsent(() => client(table).deleteEntity(partitionKey, rowKey));
    },
    async all(table, query, top = Infinity) {
      const found: StoredEntity[] = [];
      const paged = { ...query, pageSize: Math.min(top, maxPageSize) };
      // Storage may return fewer in one page.
      for await (const next of pagesOf({ page }, table, paged)) {
        found.push(...next);
        if (found.length >= top) break;
      }
      return found.slice(0, top);
    },
    async drop(table) {
      await unlessAbsent(() => client(table).deleteTable());
      clients.delete(table);
    },
    names: (from, to) => listNames(service, from, to),
  };
}

/** Entities page by page, to the last; a page may be empty. */
export async function* pagesOf(
  { page }: Pick<Tables, 'page'>,
  table: TableName,
  query: EntityQuery,
): AsyncGenerator<readonly StoredEntity[]> {
  let { token } = query;
  do {
    const next = await page(table, { ...query, token });
    yield next.entities;
    token = next.token;
  } while (token !== undefined);
}

async function listNames(
  service: TableServiceClient,
  from: string,
  to: string,
): Promise<readonly TenantTable[]> {
  const names: TenantTable[] = [];
  // Table names are compared without case and these have letters and digits only, so nothing needs escaping.
  const filter = `TableName ge '${from}' and TableName lt '${to}'`;
  for await (const item of service.listTables({ queryOptions: { filter } })) {
    if (item.name !== undefined && isTenantTable(item.name)) names.push(item.name);
  }
  return names;
}

/**
 * Runs a conditional write.
 * @returns undefined, with nothing written, when the entity was created, changed, or deleted concurrently
 */
export async function ifUnchanged<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    if (isOutdated(error)) return undefined;
    throw error;
  }
}

/** Runs a conditional write. False, with nothing written, where {@link ifUnchanged} returns undefined. */
export async function isWritten(write: () => Promise<unknown>): Promise<boolean> {
  const written = await ifUnchanged(async () => ({ answer: await write() }));
  return written !== undefined;
}

/** The entity exists already, was changed since it was read, or is gone. */
function isOutdated(error: unknown): boolean {
  if (!(error instanceof RestError)) return false;
  // A missing table was created just now: whether the entity exists is unknown.
  if (error.statusCode === 404) return !hasErrorCode(error, tableMissing);
  // A table that is being deleted is a 409 as well.
  return error.statusCode === 412 || hasErrorCode(error, 'EntityAlreadyExists');
}

function tableOpener(settings: StorageSettings): (name: TableName) => TableClient {
  const access = storageAccess(settings, 'table');
  return typeof access === 'string'
    ? (name) => TableClient.fromConnectionString(access, name, { allowInsecureConnection: isLocal(access) })
    : (name) => new TableClient(access.uri, name, access.credential);
}

/** Sends no request yet. @throws when the connection string is malformed */
export function tableService(settings: StorageSettings): TableServiceClient {
  const access = storageAccess(settings, 'table');
  return typeof access === 'string'
    ? TableServiceClient.fromConnectionString(access, { allowInsecureConnection: isLocal(access) })
    : new TableServiceClient(access.uri, access.credential);
}

/** Plain HTTP is allowed only for the storage emulator on this machine. */
function isLocal(connectionString: string): boolean {
  return /UseDevelopmentStorage=true|TableEndpoint=http:\/\/(127\.0\.0\.1|localhost)[:/]/i.test(
    connectionString,
  );
}

const noEntities: EntityPage = { entities: [], token: undefined };

async function readPage(client: TableClient, query: EntityQuery): Promise<EntityPage> {
  const { filter, select, pageSize = maxPageSize, token } = query;
  const queryOptions = select === undefined ? { filter } : { filter, select };
  const paging = token === undefined ? {} : { continuationToken: token };
  const pages = client.listEntities({ queryOptions }).byPage({ ...paging, maxPageSize: pageSize });
  const next = await unlessAbsent(() => pages.next());
  if (next === undefined || next.done === true) return noEntities;
  return { entities: next.value.map(toStored), token: next.value.continuationToken };
}

/**
 * Undefined when the entity or its table does not exist, or the table is being deleted: Azure takes 40 seconds or more,
 * and answers every request for the table with a 409 until then.
 */
async function unlessAbsent<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await unlessMissing(request);
  } catch (error) {
    if (hasErrorCode(error, 'TableBeingDeleted')) return undefined;
    throw error;
  }
}

/** Azure returns a selected column that an entity lacks as null; the emulator Azurite leaves it out. */
function toStored(entity: object): StoredEntity {
  const columns: Record<string, unknown> = {};
  for (const [name, value] of Object.entries<unknown>({ ...entity }))
    if (value !== null) columns[name] = value;
  const { partitionKey = '', rowKey = '', etag = '' } = columns;
  return Object.assign(columns, {
    partitionKey: String(partitionKey),
    rowKey: String(rowKey),
    etag: String(etag),
  });
}
