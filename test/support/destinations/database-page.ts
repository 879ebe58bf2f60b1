/** The page of a database in docs/destinations, and the statements in it. */
import { readFile } from 'node:fs/promises';

export interface DatabasePage {
  readonly text: string;
  /** Statements by the name that the page gives them. */
  readonly statements: ReadonlyMap<string, string>;
}

/** @param name of the file, and of the statements' dialect */
export async function readDatabasePage(name: 'postgresql' | 'sql-server'): Promise<DatabasePage> {
  const text = await readFile(new URL(`../../../docs/destinations/${name}.md`, import.meta.url), 'utf8');
  const blocks = text.matchAll(/^```sql (?:(?:postgresql|sql-server) )?(\S+)\n(.*?)^```$/gms);
  return { text, statements: new Map([...blocks].map(([, title = '', sql = '']) => [title, sql])) };
}
