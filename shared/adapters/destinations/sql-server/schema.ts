/** Creates and upgrades the tables of a destination, where the user may. */
import * as z from 'zod';
import { recordTypes } from '../../../records/record-types.ts';
import {
  createSchema,
  schemaVersion,
  statementsFrom,
} from '../../../destinations/kinds/sql-server/schema.ts';
import type { Connection } from './client.ts';
import { oldDatabase } from './failure.ts';
import {
  addRecordTypesStatement,
  beginStatement,
  commitStatement,
  countRecordTypesStatement,
  lockStatement,
  rollbackStatement,
  stateStatement,
  versionStatement,
} from './statements.ts';

/** What is there. */
export interface SchemaState {
  /** Whether the schema exists, with or without tables. */
  readonly exists: boolean;
  /** 0 if there are no tables yet. */
  readonly version: number;
}

const stateSchema = z.tuple([
  z.object({ compatibility_level: z.int(), schema_exists: z.int(), is_versioned: z.int() }),
]);
const countSchema = z.tuple([z.object({ count: z.int() })]);
const versionSchema = z.tuple([z.object({ version: z.int() })]);

/** The first that has functions for JSON: SQL Server 2016. */
const minLevel = 130;

/** @throws Error also with the code {@link oldDatabase} */
export async function readSchemaState(connection: Connection, schema: string): Promise<SchemaState> {
  const rows = await connection.query(stateStatement(schema));
  const [{ compatibility_level: level, schema_exists: exists, is_versioned: versioned }] =
    stateSchema.parse(rows);
  if (level < minLevel) throw Object.assign(new Error('The database is too old.'), { code: oldDatabase });
  return { exists: exists === 1, version: versioned === 1 ? await readVersion(connection, schema) : 0 };
}

async function readVersion(connection: Connection, schema: string): Promise<number> {
  return versionSchema.parse(await connection.query(versionStatement(schema)))[0].version;
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
  const statements = [...(exists ? [] : [createSchema(schema)]), ...statementsFrom(schema, version)];
  for (const statement of statements) await connection.query(statement);
}

/** Names that this release knows in addition to those in the table. */
async function addRecordTypes(connection: Connection, schema: string): Promise<void> {
  const types = recordTypes();
  const rows = await connection.query(countRecordTypesStatement(schema));
  if (countSchema.parse(rows)[0].count >= types.length) return;
  const list = JSON.stringify(types.map(({ number, name }) => [number, name]));
  await connection.query(addRecordTypesStatement(schema), { types: list });
}

/**
 * Runs work in a transaction, one sender after the other.
 * @throws Error of the server with number 1222 when it has to wait for a lock for more than 2 seconds: queries of others
 * would wait behind it
 */
async function underLock(connection: Connection, schema: string, work: () => Promise<void>): Promise<void> {
  await inTransaction(connection, async () => {
    await connection.query(lockStatement(schema));
    await work();
    await connection.query(commitStatement);
  });
}

/** Work that does not commit leaves nothing. */
export async function inTransaction(connection: Connection, work: () => Promise<void>): Promise<void> {
  await connection.query(beginStatement);
  try {
    await work();
  } catch (error) {
    // On a lost connection, and after most errors, the server has done so.
    await connection.query(rollbackStatement).catch(() => undefined);
    throw error;
  }
}
