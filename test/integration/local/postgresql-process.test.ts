/** The PostgreSQL server of a local run. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startDatabase, startPostgresqlProcess } from '../../local/postgresql-process.ts';
import { createProcesses } from '../../local/processes.ts';
import { findPostgresql, titleWith } from '../../support/postgresql/binaries.ts';

const bin = findPostgresql();

describe('a local run without PostgreSQL', () => {
  it('says what to install, and starts without', async () => {
    const said: string[] = [];
    const processes = createProcesses();
    const database = await startDatabase({
      ...{ bin: undefined, password: 'any', processes },
      say: (line) => said.push(line),
    });
    expect(database).toBeUndefined();
    expect(said).toEqual([expect.stringContaining('apt-get install postgresql')]);
  });
});

describe.skipIf(bin === undefined)(titleWith(bin, 'the server of a local run'), () => {
  it('answers queries with variables of any text, and refuses wrong ones in words', async () => {
    const server = await startPostgresqlProcess(bin ?? '', 'simple_pass-word');
    const text = `O'Hara "\\" :'other' $1\n; drop table x`;
    try {
      expect(await server.query("select :'given' as text;\n", { given: text })).toEqual([{ text }]);
      await expect(server.query('select nothing')).rejects.toThrow(/column "nothing" does not exist/);
    } finally {
      await server.stop();
    }
  }, 60_000);

  it.each(['stop', 'kill'] as const)(
    'ends with all of its files by %s',
    async (way) => {
      const server = await startPostgresqlProcess(bin ?? '', 'any');
      expect(existsSync(server.folder)).toBe(true);
      await server[way]();
      await server.ended;
      expect(existsSync(server.folder)).toBe(false);
      await expect(server.query('select 1')).rejects.toThrow();
    },
    60_000,
  );
});
