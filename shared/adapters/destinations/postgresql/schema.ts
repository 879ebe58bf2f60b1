/** Creates and upgrades the tables of a destination, where the role may. */
import * as z from 'zod';
import { recordTypes } from '../../../records/record-types.ts';
import {
  createSchema,
  quoted,
  schemaVersion,
  statementsFrom,
} from '../../../destinations/kinds/postgresql/schema.ts';
import type { Connection } from './connection.ts';
import { notUtf8 } from './failure.ts';

/** What is there. */
export interface SchemaState {
  /** Whether the schema exists, with or without tables. */
  readonly exists: boolean;
  /** 0 if there are no tables yet. */
  readonly version: number;
}

const stateSchema = z.tuple([
  z.object({ encoding: z.string(), exists: z.boolean(), versioned: z.boolean() }),
]);
const countSchema = z.tuple([z.object({ count: z.int() })]);
const versionSchema = z.tuple([z.object({ version: z.int() })]);

/**
 * Read from the tables of the catalog. What functions such as `to_regclass` know is as old as the transaction, and another
 * sender may have created everything while it was blocked.
 * @throws Error also with the code {@link notUtf8}
 */
export async function readSchemaState(connection: Connection, schema: string): Promise<SchemaState> {
  const { rows } = await connection.query(
    `select getdatabaseencoding() as encoding,
  exists (select from pg_namespace where nspname = $1) as exists,
  exists (select from pg_tables where schemaname = $1 and tablename = 'auditkeep_schema_version') as versioned`,
    [schema],
  );
  const [{ encoding, exists, versioned }] = stateSchema.parse(rows);
  if (encoding !== 'UTF8') throw Object.assign(new Error('The encoding is not UTF8.'), { code: notUtf8 });
  return { exists, version: versioned ? await readVersion(connection, schema) : 0 };
}

async function readVersion(connection: Connection, schema: string): Promise<number> {
  const { rows } = await connection.query(
    `select coalesce(max(version), 0) as version from ${quoted(schema)}.auditkeep_schema_version`,
  );
  return versionSchema.parse(rows)[0].version;
}

/** Brings the tables to this release's version; those of a later release have all that this one needs. */
export async function ensureSchema(connection: Connection, schema: string): Promise<void> {
  const { version } = await readSchemaState(connection, schema);
  if (version < schemaVersion) await underLock(connection, schema, () => upgrade(connection, schema));
  await addRecordTypes(connection, schema);
}

async function upgrade(connection: Connection, schema: string): Promise<void> {
  // Another sender may have done it while this one waited.
  const { exists, version } = await readSchemaState(connection, schema);
  // Even where the schema exists, creating it would need the right to create one.
  const statements = [...(exists ? [] : [createSchema(schema)]), ...statementsFrom(schema, version)];
  for (const statement of statements) await connection.query(statement);
}

/** Names that this release knows in addition to those in the table. */
async function addRecordTypes(connection: Connection, schema: string): Promise<void> {
  const table = `${quoted(schema)}.record_types`;
  const types = recordTypes();
  const { rows } = await connection.query(`select count(*)::integer as count from ${table}`);
  if (countSchema.parse(rows)[0].count >= types.length) return;
  await connection.query(
    `insert into ${table} select * from unnest($1::integer[], $2::text[]) on conflict do nothing`,
    [types.map(({ number }) => number), types.map(({ name }) => name)],
  );
}

/**
 * Runs work in a transaction, one sender after the other.
 * @throws Error of the server with SQLSTATE 55P03 when it has to wait for a lock for more than 2 seconds: queries of others
 * would wait behind it
 */
export async function underLock(
  connection: Connection,
  schema: string,
  work: () => Promise<void>,
): Promise<void> {
  await inTransaction(connection, async () => {
    await connection.query("set local lock_timeout = '2s'");
    await connection.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${schema}.auditkeep_schema_version`,
    ]);
    await work();
    await connection.query('commit');
  });
}

/** Work that does not commit leaves nothing. */
export async function inTransaction(connection: Connection, work: () => Promise<void>): Promise<void> {
  await connection.query('begin');
  try {
    await work();
  } catch (error) {
    // On a lost connection, the server has done so.
    await connection.query('rollback').catch(() => undefined);
    throw error;
  }
}
