/** The tables of accounts: created, listed, and deleted over a while, as in Azure. */
import { setImmediate } from 'node:timers/promises';
import { Refusal } from './refusals.ts';
import type { CatalogEntry, RowStore } from './row-store.ts';

export interface CatalogOptions {
  readonly store: RowStore;
  /** How long a deleted table cannot be created again; Azure takes 40 seconds or more. */
  readonly deletionMs: number;
  readonly now: () => number;
}

export interface Catalog {
  /** @throws Refusal when the name is invalid, taken, or still being deleted */
  create(account: string, name: string): void;
  /** @throws Refusal when there is no such table */
  remove(account: string, name: string): void;
  /** @returns its rows' table. @throws Refusal when there is none, or it is being deleted */
  find(account: string, name: string): number;
  /** Names in their order without case. */
  list(account: string): readonly string[];
}

/** https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#table-names */
const tableName = /^[A-Za-z][A-Za-z0-9]{2,62}$/;
/** Rows deleted before other requests get their turn. */
const clearedAtOnce = 2000;

export function createCatalog({ store, deletionMs, now }: CatalogOptions): Catalog {
  const isGoing = ({ deletedUntil }: CatalogEntry) => deletedUntil !== undefined;
  const lookUp = (account: string, name: string): CatalogEntry | undefined => {
    const entry = store.findTable(account, name);
    if (entry?.deletedUntil === undefined) return entry;
    if (now() < entry.deletedUntil) throw new Refusal('TableBeingDeleted');
    return undefined;
  };
  const find = (account: string, name: string): CatalogEntry => {
    const entry = lookUp(account, name);
    if (entry === undefined) throw new Refusal('TableNotFound');
    return entry;
  };
  return {
    create(account, name) {
      if (!tableName.test(name) || name.toLowerCase() === 'tables') throw new Refusal('InvalidResourceName');
      if (lookUp(account, name) !== undefined) throw new Refusal('TableAlreadyExists');
      store.putTable({ account, name, tableId: store.nextTableId() });
    },
    remove(account, name) {
      const entry = lookUp(account, name);
      if (entry === undefined) throw new Refusal('ResourceNotFound');
      store.putTable({ ...entry, deletedUntil: now() + deletionMs });
      void clear(store, entry.tableId);
    },
    find: (account, name) => find(account, name).tableId,
    list: (account) =>
      store
        .listTables(account)
        .filter((entry) => !isGoing(entry))
        .map(({ name }) => name),
  };
}

async function clear(store: RowStore, tableId: number): Promise<void> {
  while (store.clear(tableId, clearedAtOnce) === clearedAtOnce) await setImmediate();
}
