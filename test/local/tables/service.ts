/** The part of Azure Table Storage that Auditkeep uses: requests in, replies out. */
import { isObject, parseJson } from '../../../shared/json.ts';
import { readAddress, type Resource } from './addresses.ts';
import { type Accounts, authorize } from './authorization.ts';
import { batchReply, readCommands } from './batch.ts';
import type { Catalog } from './catalog.ts';
import { etagOf, type RowClock } from './clock.ts';
import { entityOf, type PageEnds, readPage } from './entity-query.ts';
import { readWrite, type TableWrite } from './entity-requests.ts';
import { writeAll, writeOne, type Writing, type Written } from './entity-writes.ts';
import { type Filter, fits, parseFilter } from './filter.ts';
import { fromToken, keyInAddress, toToken } from './keys.ts';
import { emptyReply, jsonReply, refusalReply, type TableReply, type TableRequest } from './messages.ts';
import { Refusal } from './refusals.ts';
import type { RowKey, RowStore } from './row-store.ts';

export interface TableService {
  readonly accounts: Accounts;
  readonly catalog: Catalog;
  readonly store: RowStore;
  readonly clock: RowClock;
  readonly pageEnds: PageEnds;
}

/** A request, the account it is about, and where that is. */
interface Call extends TableRequest {
  readonly account: string;
  /** Of the account. */
  readonly root: string;
}

const maxCommands = 100;
const maxPageSize = 1000;

/** Never throws: failures are replies. */
export function answer(service: TableService, request: TableRequest): TableReply {
  try {
    const [account, resource] = readAddress(request.url);
    authorize(service.accounts, account, request.url, request.headers);
    return answerFor(service, { ...request, account, root: `${request.url.origin}/${account}` }, resource);
  } catch (error) {
    return refusalReply(error);
  }
}

function answerFor(service: TableService, call: Call, resource: Resource): TableReply {
  checkParameters(call.url);
  switch (resource.kind) {
    case 'tables':
      return call.method === 'GET' ? listTables(service, call) : createTable(service, call);
    case 'table':
      return removeTable(service, call, resource.table);
    case 'transaction':
      return transact(service, call);
    case 'entities':
      return call.method === 'GET' ? query(service, call, resource.table) : write(service, call, resource);
    case 'entity':
      return call.method === 'GET' ? read(service, call, resource) : write(service, call, resource);
  }
}

const parameters: ReadonlySet<string> = new Set([
  ...['$filter', '$format', '$select', '$top'],
  ...['NextPartitionKey', 'NextRowKey', 'NextTableName'],
]);

/** An option that is ignored would give an answer to another question. */
function checkParameters({ searchParams }: URL): void {
  const unknown = [...searchParams.keys()].find((name) => !parameters.has(name));
  if (unknown !== undefined) throw new Refusal('NotImplemented', `The parameter is '${unknown}'.`);
}

function createTable({ catalog }: TableService, { method, account, body, headers, root }: Call): TableReply {
  const table = parseJson(body);
  if (method !== 'POST' || !isObject(table) || typeof table['TableName'] !== 'string')
    throw new Refusal('InvalidInput', 'A table is created by POST, with a TableName.');
  const { TableName: name } = table;
  catalog.create(account, name);
  const location = { Location: `${root}/Tables('${name}')` };
  if (headers['prefer'] === 'return-no-content') return emptyReply(location);
  const metadata = { 'odata.metadata': `${root}/$metadata#Tables/@Element`, TableName: name };
  return jsonReply(201, JSON.stringify(metadata), location);
}

function removeTable({ catalog }: TableService, { method, account }: Call, table: string): TableReply {
  if (method !== 'DELETE') throw new Refusal('NotImplemented', `The method is ${method}.`);
  catalog.remove(account, table);
  return emptyReply();
}

function listTables({ catalog }: TableService, { account, url, root }: Call): TableReply {
  const { searchParams } = url;
  const [filter, top] = [filterOf(searchParams, lowercased), topOf(searchParams)];
  const from = searchParams.get('NextTableName');
  const first = from === null ? '' : fromToken(from);
  const names = catalog
    .list(account)
    .filter((name) => name.toLowerCase() >= first && (filter === undefined || nameFits(filter, name)));
  const next = names[top]?.toLowerCase();
  const value = names.slice(0, top).map((TableName) => ({ TableName }));
  const body = JSON.stringify({ 'odata.metadata': `${root}/$metadata#Tables`, value });
  return jsonReply(200, body, next === undefined ? {} : { 'x-ms-continuation-NextTableName': toToken(next) });
}

function nameFits(filter: Filter, name: string): boolean {
  const column = { type: 'String', value: name.toLowerCase() } as const;
  return fits(filter, { partitionKey: '', rowKey: '' }, new Map([['TableName', column]]));
}

function lowercased(filter: string): string {
  return filter.replaceAll(/'[^']*'/g, (text) => text.toLowerCase());
}

function read(service: TableService, call: Call, { table, key }: { table: string; key: RowKey }): TableReply {
  const row = service.store.get(service.catalog.find(call.account, table), key);
  if (row === undefined) throw new Refusal('ResourceNotFound');
  const metadata = `"odata.metadata":${JSON.stringify(`${call.root}/$metadata#${table}/@Element`)}`;
  const entity = entityOf(row, selectOf(call.url.searchParams));
  return jsonReply(200, `{${metadata},${entity.slice(1)}`, { ETag: etagOf(row.timestamp) });
}

function query({ catalog, store, pageEnds }: TableService, call: Call, table: string): TableReply {
  const { searchParams } = call.url;
  const [partitionKey, rowKey] = [searchParams.get('NextPartitionKey'), searchParams.get('NextRowKey')];
  const asked = {
    ...{ filter: filterOf(searchParams), select: selectOf(searchParams), top: topOf(searchParams) },
    from:
      partitionKey === null
        ? undefined
        : { partitionKey: fromToken(partitionKey), rowKey: rowKey === null ? '' : fromToken(rowKey) },
  };
  const { entities, next } = readPage(store, catalog.find(call.account, table), asked, pageEnds);
  const metadata = JSON.stringify(`${call.root}/$metadata#${table}`);
  const body = `{"odata.metadata":${metadata},"value":[${entities.join(',')}]}`;
  return jsonReply(200, body, next === undefined ? {} : continuation(next));
}

function continuation({ partitionKey, rowKey }: RowKey): Readonly<Record<string, string>> {
  return {
    'x-ms-continuation-NextPartitionKey': toToken(partitionKey),
    'x-ms-continuation-NextRowKey': toToken(rowKey),
  };
}

function filterOf(parameters: URLSearchParams, prepare = (filter: string) => filter): Filter | undefined {
  const filter = parameters.get('$filter') ?? '';
  return filter === '' ? undefined : parseFilter(prepare(filter));
}

function selectOf(parameters: URLSearchParams): readonly string[] | undefined {
  const select = parameters.get('$select') ?? '';
  return select === '' ? undefined : select.split(',').map((name) => name.trim());
}

function topOf(parameters: URLSearchParams): number {
  const top = parameters.get('$top') ?? String(maxPageSize);
  if (!/^\d+$/.test(top) || Number(top) < 1 || Number(top) > maxPageSize)
    throw new Refusal('InvalidInput', `$top is a number from 1 to ${maxPageSize}.`);
  return Number(top);
}

function write(service: TableService, call: Call, resource: Resource): TableReply {
  const { table, write } = readWrite(call, resource);
  const written = writeOne(writingTo(service, call.account, table), write);
  return writtenReply(call, table, written);
}

function writtenReply(
  { method, headers, body, root }: TableRequest & { root: string },
  table: string,
  written: Written,
): TableReply {
  const { key, etag } = written;
  const etagHeader: Readonly<Record<string, string>> = etag === undefined ? {} : { ETag: etag };
  if (method !== 'POST') return emptyReply(etagHeader);
  const location = `${root}/${table}${keyInAddress(key)}`;
  const inserted = { ...etagHeader, Location: location, DataServiceId: location };
  if (headers['prefer'] === 'return-no-content')
    return emptyReply({ ...inserted, 'Preference-Applied': 'return-no-content' });
  return jsonReply(201, body, inserted);
}

function writingTo({ catalog, store, clock }: TableService, account: string, table: string): Writing {
  return { store, clock, tableId: catalog.find(account, table) };
}

/** The outcome of a transaction is in the body: the reply itself always succeeds. */
function transact(service: TableService, call: Call): TableReply {
  const commands = readCommands(call.body);
  try {
    if (commands.length > maxCommands)
      throw new Refusal(
        'InvalidInput',
        'The batch request operation exceeds the maximum 100 changes per change set.',
        maxCommands - 1,
      );
    const writes = commands.map(readTableWrite);
    const [first] = writes;
    if (first === undefined) throw new Refusal('InvalidInput', 'The change set is empty.');
    const other = writes.findIndex(({ table }) => table !== first.table);
    if (other !== -1) throw new Refusal('InvalidInput', 'All commands are about one table.', other);
    const all = writeAll(
      writingInBatch(service, call.account, first.table),
      writes.map(({ write }) => write),
    );
    return batchReply(
      commands.flatMap((command, index) => {
        const written = all[index];
        return written === undefined
          ? []
          : [writtenReply({ ...command, root: call.root }, first.table, written)];
      }),
    );
  } catch (error) {
    return batchReply([refusalReply(error)]);
  }
}

function readTableWrite(command: TableRequest, index: number): TableWrite {
  try {
    return readWrite(command, readAddress(command.url)[1]);
  } catch (error) {
    throw error instanceof Refusal ? error.at(index) : error;
  }
}

function writingInBatch(service: TableService, account: string, table: string): Writing {
  try {
    return writingTo(service, account, table);
  } catch (error) {
    throw error instanceof Refusal ? error.at(0) : error;
  }
}
