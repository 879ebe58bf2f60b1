/** docs/destinations/postgresql.md and the statements in it. */
import { readFile } from 'node:fs/promises';

export interface PostgresqlPage {
  readonly text: string;
  /** Statements by the name that the page gives them. */
  readonly statements: ReadonlyMap<string, string>;
}

export async function readPostgresqlPage(): Promise<PostgresqlPage> {
  const text = await readFile(new URL('../../../docs/destinations/postgresql.md', import.meta.url), 'utf8');
  const blocks = text.matchAll(/^```sql (?:postgresql )?(\S+)\n(.*?)^```$/gms);
  return { text, statements: new Map([...blocks].map(([, name = '', sql = '']) => [name, sql])) };
}
