/** Tables as Azure has them while it deletes one: for 40 seconds or more, every request for it is a 409. */
import { describe, expect, it, afterAll, beforeAll } from 'vitest';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import { startStorage, type LocalStorage } from '../local/storage.ts';

const table = 'audit00000000000000000000000000000001202603';
const key = { partitionKey: 'time', rowKey: '1' };

let storage: LocalStorage;
let tables: Tables;

beforeAll(async () => {
  storage = await startStorage({ deletionMs: 3_600_000 });
  tables = createTables({ kind: 'connectionString', connectionString: storage.connectionString });
  await tables.upsertAll(table, [key]);
  await tables.drop(table);
});
afterAll(() => storage.stop());

describe('a table that is being deleted', () => {
  it('holds nothing', async () => {
    expect(await tables.get(table, 'time', '1')).toBeUndefined();
    expect(await tables.page(table, { filter: '' })).toEqual({ entities: [], token: undefined });
    expect(await tables.names('audit', 'auditz')).toEqual([]);
  });

  it('can be deleted again, as by a removal that was interrupted', async () => {
    await tables.drop(table);
    await tables.remove(table, 'time', '1');
  });

  it('refuses what is written, so that its message is delivered again later', async () => {
    await expect(tables.upsertAll(table, [key])).rejects.toThrow('being deleted');
  });
});
