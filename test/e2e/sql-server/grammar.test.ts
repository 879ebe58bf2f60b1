/** All T-SQL that is sent to SQL Server, and all of its page in the documentation, read by Microsoft's own parser. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as statements from '../../../shared/adapters/destinations/sql-server/statements.ts';
import { createSchema, statementsFrom } from '../../../shared/destinations/kinds/sql-server/schema.ts';
import { readDatabasePage } from '../../support/destinations/database-page.ts';
import { hasDotnet } from '../clients/generate.ts';
import { buildParser, type ParseScripts } from './parser.ts';

const isThere = await hasDotnet();
const title = isThere
  ? "T-SQL, read by Microsoft's parser"
  : 'T-SQL: not read by a parser, because there is no .NET SDK';

describe.skipIf(!isThere)(title, () => {
  let folder: string;
  let parse: ParseScripts;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sql-parser-'));
    parse = await buildParser(folder);
  }, 300_000);
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  /** By the names of what makes them: a new one is read without being named here. */
  const sent = Object.entries(statements).flatMap(([name, made]): (readonly [string, string])[] => {
    if (typeof made === 'string') return [[name, made]];
    return [true, false].map((exists) => [`${name} ${exists}`, made('select', exists)]);
  });
  const setup = [createSchema('select'), ...statementsFrom('select', 0)];
  const created = setup.map((text, at) => [`setup ${at}`, text] as const);

  it('has no error in anything that is sent, also where the schema is a word of T-SQL', async () => {
    const parsed = await parse(Object.fromEntries([...sent, ...created]));
    expect(Object.keys(parsed).length).toBeGreaterThan(25);
    for (const [name, { errors }] of Object.entries(parsed))
      expect({ name, errors }).toEqual({ name, errors: [] });
  });

  it('has one statement in each batch that creates something, as views demand', async () => {
    const parsed = await parse(Object.fromEntries(created));
    for (const [name, { batches }] of Object.entries(parsed))
      expect({ name, batches }).toEqual({ name, batches: [[expect.any(String)]] });
  });

  it('has no merge, and no update, anywhere', async () => {
    const parsed = await parse(Object.fromEntries([...sent, ...created]));
    const kinds = Object.values(parsed).flatMap(({ batches }) => batches.flat());
    expect(kinds).toContain('InsertStatement');
    expect(kinds.filter((kind) => /Merge|Update|Delete|Drop|Truncate/.test(kind))).toEqual([]);
  });

  it('has no error in docs/destinations/sql-server.md', async () => {
    const { statements: shown } = await readDatabasePage('sql-server');
    const parsed = await parse(Object.fromEntries(shown));
    expect(Object.keys(parsed)).toEqual([
      ...[
        'identity',
        'login',
        'writer',
        'global-administrators',
        'one-person-in-sharepoint',
        'retention',
        'ddl',
      ],
    ]);
    for (const [name, { errors }] of Object.entries(parsed))
      expect({ name, errors }).toEqual({ name, errors: [] });
  });

  it('would have an error in what is wrong: the parser finds it', async () => {
    const wrong = { word: 'create view a as select 1 as file', list: 'select a, from b', open: 'select (1' };
    for (const { errors } of Object.values(await parse(wrong))) expect(errors.length).toBeGreaterThan(0);
  });
});
