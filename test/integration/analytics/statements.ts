/** The DuckDB statements of a page, and a database to run them in. */
import { readFile } from 'node:fs/promises';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** Fenced blocks that are marked as DuckDB's, in their order; those that answer a question have its name. */
export interface Statements {
  /** `docs/….md` */
  readonly page: string;
  readonly settings: string;
  readonly views: string;
  readonly questions: ReadonlyMap<string, string>;
}

/** @param page `docs/….md` */
export async function readStatements(page: string): Promise<Statements> {
  const text = await readFile(new URL(`../../../${page}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```sql duckdb ?(\S*)\n(.*?)^```$/gms)];
  const unnamed = blocks.flatMap(([, name, text = '']) => (name === '' ? [text] : []));
  const [settings, views] = unnamed;
  if (settings === undefined || views === undefined || unnamed.length !== 2)
    throw new Error(`${page} should have two DuckDB blocks without a name: settings and views.`);
  return {
    ...{ page, settings, views },
    questions: new Map(
      blocks.flatMap(([, name = '', text = '']) => (name === '' ? [] : [[name, text] as const])),
    ),
  };
}

/** A database in memory. */
export async function openDatabase(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:');
  return await instance.connect();
}

/** What the page leaves to its readers: texts by the names of variables. */
export interface Asked extends Readonly<Record<string, string>> {
  /** Days; `to` is the day after the last one. */
  readonly from: string;
  readonly to: string;
}

/** Runs the page from its top with these settings. */
export async function prepare(
  database: DuckDBConnection,
  { settings, views }: Statements,
  { from, to, ...texts }: Asked,
): Promise<void> {
  await database.run(settings);
  for (const [name, value] of Object.entries(texts))
    await database.run(`SET VARIABLE ${name} = '${value.replaceAll("'", "''")}'`);
  await database.run(`SET VARIABLE from_day = DATE '${from}'; SET VARIABLE to_day = DATE '${to}'`);
  await database.run(views);
}

/** Rows that a question of the page is answered with. */
export async function answer(
  database: DuckDBConnection,
  { page, questions }: Statements,
  name: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const text = questions.get(name);
  if (text === undefined) throw new Error(`${page} has no DuckDB block named ${name}.`);
  return (await database.runAndReadAll(text)).getRowObjectsJson();
}
