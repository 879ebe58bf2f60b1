/** Pages of entities, as incomplete as Azure's may be. */
import { fromStored, selectColumns } from './columns.ts';
import { etagOf } from './clock.ts';
import { fits, type Filter, isOfKeys } from './filter.ts';
import { keyRangeOf } from './key-range.ts';
import type { Row, RowKey, RowStore } from './row-store.ts';

/** Where pages end before they are full: in Azure after five seconds, or where another server has the next partition. */
export interface PageEnds {
  /** Rows read for one page. */
  readonly maxRead: number;
  readonly atPartitions: boolean;
}

export interface EntityQuery {
  readonly filter: Filter | undefined;
  /** @default all */
  readonly select: readonly string[] | undefined;
  readonly top: number;
  /** Where the page before it ended. */
  readonly from: RowKey | undefined;
}

export interface EntityPage {
  /** JSON of each. */
  readonly entities: readonly string[];
  /** The key of the next entity to read, whether or not it fits. */
  readonly next: RowKey | undefined;
}

export function readPage(store: RowStore, tableId: number, query: EntityQuery, ends: PageEnds): EntityPage {
  const { filter, select, top } = query;
  const range = keyRangeOf(filter);
  const entities: string[] = [];
  let last: RowKey | undefined;
  let read = 0;
  for (const row of store.scan(tableId, query.from ?? range.from)) {
    if (range.isPast(row)) break;
    const isOther = ends.atPartitions && last !== undefined && last.partitionKey !== row.partitionKey;
    if (entities.length === top || read === ends.maxRead || isOther) return { entities, next: row };
    if (filter === undefined || rowFits(filter, row)) entities.push(entityOf(row, select));
    last = row;
    read++;
  }
  return { entities, next: undefined };
}

function rowFits(filter: Filter, row: Row): boolean {
  return fits(filter, row, isOfKeys(filter) ? new Map() : fromStored(row.columns));
}

/** @param select @default all columns */
export function entityOf(row: Row, select: readonly string[] | undefined): string {
  const { partitionKey, rowKey, timestamp, columns } = row;
  const etag = `"odata.etag":${JSON.stringify(etagOf(timestamp))}`;
  const system = { PartitionKey: partitionKey, RowKey: rowKey, Timestamp: timestamp };
  if (select === undefined) return `{${etag},${inner(JSON.stringify(system), columns)}}`;
  const names = select.filter((name) => !(name in system));
  const selected = Object.entries(system).filter(([name]) => select.includes(name));
  const others = JSON.stringify(selectColumns(columns, names));
  return `{${[etag, inner(JSON.stringify(Object.fromEntries(selected)), others)].filter(Boolean).join(',')}}`;
}

/** The members of JSON objects, without braces around them. */
function inner(...objects: readonly string[]): string {
  return objects
    .map((object) => object.slice(1, -1))
    .filter((members) => members !== '')
    .join(',');
}
