/** What the storage of a local run keeps, and what it leaves behind. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { startStorage } from '../../local/storage.ts';
import { startTables } from '../../local/tables-process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storage-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const row = { partitionKey: 'p', rowKey: 'r', text: 'kept' };

describe('the storage of a local run', () => {
  it('keeps rows between runs where a folder is given', async () => {
    for (const isFirst of [true, false]) {
      const { connectionString, stop } = await startStorage({ location: folder });
      const tables = createTables({ kind: 'connectionString', connectionString });
      if (isFirst) await tables.upsertAll('Searches', [row]);
      expect(await tables.get('Searches', 'p', 'r')).toMatchObject(row);
      await stop();
    }
  });

  it('refuses a folder whose tables it would not find', async () => {
    await writeFile(join(folder, '__azurite_db_table__.json'), '{}');
    await expect(startStorage({ location: folder })).rejects.toThrow('choose another folder');
  });
});

describe('tables without a folder', () => {
  const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('auditkeep-tables-'));

  it.each(['stop', 'kill'] as const)('leave nothing behind after %s', async (end) => {
    const before = await left();
    const tables = await startTables({ accounts: new Map([['one', 'a2V5']]) });
    const own = (await left()).filter((name) => !before.includes(name));
    await tables[end]();
    await tables.ended;
    const after = await left();
    expect(own.filter((name) => after.includes(name))).toEqual([]);
  });
});
