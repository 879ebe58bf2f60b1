/** Rows of all tables in one ordered file, and the catalog of tables. Calls are synchronous, so requests never interleave. */
import { open } from 'lmdb';

export interface RowKey {
  readonly partitionKey: string;
  readonly rowKey: string;
}

export interface Row extends RowKey {
  /** ISO 8601 with seven decimals, UTC. */
  readonly timestamp: string;
  /** A JSON object: columns and their types, without the keys. */
  readonly columns: string;
}

export interface CatalogEntry {
  readonly account: string;
  /** As it was created; names are compared without case. */
  readonly name: string;
  /** Of the rows; a table that is created again has another. */
  readonly tableId: number;
  /** Milliseconds since the epoch until which a deleted table cannot be created again. */
  readonly deletedUntil?: number;
}

export interface RowStore {
  get(tableId: number, key: RowKey): Row | undefined;
  /** Rows in order of partition key and row key, from a key on. */
  scan(tableId: number, from: RowKey): Iterable<Row>;
  /** Writes all or none. A key without a row deletes. */
  write(tableId: number, changes: readonly (Row | RowKey)[]): void;
  /** Deletes at most `limit` rows. @returns how many there were */
  clear(tableId: number, limit: number): number;
  findTable(account: string, name: string): CatalogEntry | undefined;
  putTable(entry: CatalogEntry): void;
  removeTable(entry: CatalogEntry): void;
  /** In order of their names in lowercase. */
  listTables(account: string): readonly CatalogEntry[];
  nextTableId(): number;
  close(): Promise<void>;
}

const timestampLength = '2026-01-01T00:00:00.0000000Z'.length;
/** Bytes; keys of 512 characters each need pages of more than the usual 4,096. */
const pageSize = 8192;

type Path = [tableId: number, partitionKey: string, rowKey: string];

/**
 * @param folder of the file, which is created; what it holds is kept
 * A crash of the machine may lose the newest rows; the end of the process does not.
 */
export function openRowStore(folder: string): RowStore {
  const root = open({ path: folder, pageSize, noSync: true, maxDbs: 3 });
  const rows = root.openDB<string, Path>({ name: 'rows', encoding: 'string' });
  const tables = root.openDB<CatalogEntry, [string, string]>({ name: 'tables', encoding: 'json' });
  const counters = root.openDB<number, string>({ name: 'counters', encoding: 'json' });
  const keyOf = ({ account, name }: Pick<CatalogEntry, 'account' | 'name'>): [string, string] => [
    account,
    name.toLowerCase(),
  ];
  return {
    get(tableId, { partitionKey, rowKey }) {
      const text = rows.get([tableId, partitionKey, rowKey]);
      return text === undefined ? undefined : toRow(partitionKey, rowKey, text);
    },
    *scan(tableId, { partitionKey, rowKey }) {
      const range = rows.getRange({ start: [tableId, partitionKey, rowKey], end: endOf(tableId) });
      for (const { key, value } of range) yield toRow(key[1], key[2], value);
    },
    write(tableId, changes) {
      rows.transactionSync(() => {
        for (const change of changes) {
          const path: Path = [tableId, change.partitionKey, change.rowKey];
          if ('columns' in change) rows.putSync(path, change.timestamp + change.columns);
          else rows.removeSync(path);
        }
      });
    },
    clear(tableId, limit) {
      const keys = [...rows.getKeys({ start: [tableId, '', ''], end: endOf(tableId), limit })];
      rows.transactionSync(() => {
        for (const key of keys) rows.removeSync(key);
      });
      return keys.length;
    },
    findTable: (account, name) => tables.get(keyOf({ account, name })),
    putTable(entry) {
      tables.putSync(keyOf(entry), entry);
    },
    removeTable(entry) {
      tables.removeSync(keyOf(entry));
    },
    listTables: (account) => [
      ...tables.getRange({ start: [account, ''], end: [account, '\u{10ffff}'] }).map(({ value }) => value),
    ],
    nextTableId() {
      const next = (counters.get('tableId') ?? 0) + 1;
      counters.putSync('tableId', next);
      return next;
    },
    close: () => root.close(),
  };
}

function endOf(tableId: number): Path {
  return [tableId + 1, '', ''];
}

function toRow(partitionKey: string, rowKey: string, text: string): Row {
  return {
    partitionKey,
    rowKey,
    timestamp: text.slice(0, timestampLength),
    columns: text.slice(timestampLength),
  };
}
