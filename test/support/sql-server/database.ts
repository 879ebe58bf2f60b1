/**
 * A database that understands the statements of the product, word for word, and nothing else: it has their tables, keeps
 * transactions and locks, and answers with the documented errors. It is not SQL Server.
 */
import * as z from 'zod';
import {
  addRecordTypesStatement,
  beginStatement,
  commitStatement,
  countRecordTypesStatement,
  insertStatement,
  insertTenantNameStatement,
  insertTestStatement,
  lockStatement,
  mayCreateStatement,
  rollbackStatement,
  stateStatement,
  versionStatement,
} from '../../../shared/adapters/destinations/sql-server/statements.ts';
import { rowColumns } from '../../../shared/destinations/kinds/sql-server/row.ts';
import { createSchema, statementsFrom } from '../../../shared/destinations/kinds/sql-server/schema.ts';
import { SqlError, type NumberRow } from './answers.ts';
import type { SqlRequest } from './requests.ts';

export type Cell = string | number | null;

/** A record as the table has it. */
export interface StoredRow {
  readonly tenantId: string;
  readonly columns: Readonly<Record<string, Cell>>;
  readonly record: string | null;
  readonly recordText: string | null;
}

/** What the user may do, and what the server does to statements. */
export interface Rules {
  mayCreate: boolean;
  mayInsert: boolean;
  compatibilityLevel: number;
  /** The error that a statement ends with, before it does anything. */
  fault: ((statement: string) => SqlError | undefined) | undefined;
  /** Violate a constraint. */
  readonly refused: Set<string>;
}

interface Tables {
  schemaExists: boolean;
  /** Undefined: there are no tables. */
  version: number | undefined;
  readonly recordTypes: Map<number, string>;
  readonly tenantNames: { readonly tenantId: string; readonly name: string }[];
  /** In the order of arrival, by their keys. */
  readonly records: Map<string, StoredRow>;
}

export interface SqlDatabase {
  readonly rules: Rules;
  readonly tables: Readonly<Tables>;
  /** Forgets its tables. */
  dropSchema(): void;
  forgetRecords(): void;
  /** As if a later release had upgraded the tables. */
  useVersion(version: number): void;
  /** One connection. */
  connect(): SqlSession;
}

export interface SqlSession {
  /** @throws SqlError */
  execute(request: SqlRequest): Promise<readonly NumberRow[]>;
  /** As when a connection ends. */
  end(): void;
}

const emptyTables = (): Tables => ({
  schemaExists: false,
  version: undefined,
  recordTypes: new Map(),
  tenantNames: [],
  records: new Map(),
});

function copyOf(tables: Tables): Tables {
  return {
    ...tables,
    recordTypes: new Map(tables.recordTypes),
    tenantNames: [...tables.tenantNames],
    records: new Map(tables.records),
  };
}

export function createSqlDatabase(schema = 'auditkeep'): SqlDatabase {
  const rules: Rules = {
    mayCreate: true,
    mayInsert: true,
    compatibilityLevel: 160,
    fault: undefined,
    refused: new Set(),
  };
  const tables = emptyTables();
  const known = createStatements({ schema, rules, tables });
  let lockedBy: SqlSession | undefined;
  const waiting: (() => void)[] = [];
  const unlock = (session: SqlSession) => {
    if (lockedBy !== session) return;
    lockedBy = undefined;
    waiting.shift()?.();
  };
  const lock = async (session: SqlSession) => {
    if (lockedBy !== undefined) await new Promise<void>((resolve) => waiting.push(resolve));
    lockedBy = session;
  };

  const connect = (): SqlSession => {
    let before: Tables | undefined;
    const finish = (session: SqlSession, kept: boolean) => {
      if (!kept && before !== undefined) Object.assign(tables, before);
      before = undefined;
      unlock(session);
    };
    const run = async (session: SqlSession, { text, parameters }: SqlRequest) => {
      const fault = rules.fault?.(text);
      if (fault !== undefined) throw fault;
      if (text === beginStatement) before = copyOf(tables);
      else if (text === commitStatement || text === rollbackStatement)
        finish(session, text === commitStatement);
      else if (text === lockStatement(schema)) {
        await lock(session);
        before = copyOf(tables);
      } else if (!isSetup(text)) return statementNamed(known, text)(parameters ?? {});
      return [];
    };
    const session: SqlSession = {
      async execute(request) {
        try {
          return await run(session, request);
        } catch (error) {
          // As `set xact_abort on` has it.
          finish(session, false);
          throw error;
        }
      },
      end: () => {
        finish(session, false);
      },
    };
    return session;
  };
  return {
    rules,
    tables,
    dropSchema: () => {
      Object.assign(tables, emptyTables());
    },
    forgetRecords: () => {
      tables.records.clear();
    },
    useVersion: (version) => {
      tables.version = version;
    },
    connect,
  };
}

/** What the driver says first: options of the connection. */
function isSetup(text: string): boolean {
  return text.split('\n').every((line) => line.startsWith('set ') && !line.includes(';'));
}

type Parameters = Readonly<Record<string, string | null>>;
type Statement = (parameters: Parameters) => readonly NumberRow[];

function statementNamed(known: ReadonlyMap<string, Statement>, text: string): Statement {
  const statement = known.get(text);
  if (statement === undefined) throw new SqlError(102, 15);
  return statement;
}

interface World {
  readonly schema: string;
  readonly rules: Rules;
  readonly tables: Tables;
}

function createStatements(world: World): ReadonlyMap<string, Statement> {
  const { schema, rules, tables } = world;
  const onTables =
    (work: Statement): Statement =>
    (parameters) => {
      if (tables.version === undefined) throw new SqlError(208);
      return work(parameters);
    };
  const inserting = (work: (parameters: Parameters) => readonly NumberRow[]): Statement =>
    onTables((parameters) => {
      if (!rules.mayInsert) throw new SqlError(229, 14);
      return work(parameters);
    });
  const state = () => [
    {
      compatibility_level: rules.compatibilityLevel,
      schema_exists: tables.schemaExists ? 1 : 0,
      is_versioned: tables.version === undefined ? 0 : 1,
    },
  ];
  const mayCreate = () => [{ allowed: rules.mayCreate ? 1 : 0 }];
  return new Map<string, Statement>([
    [stateStatement(schema), state],
    [mayCreateStatement(schema, true), mayCreate],
    [mayCreateStatement(schema, false), mayCreate],
    [versionStatement(schema), onTables(() => [{ version: tables.version ?? 0 }])],
    [countRecordTypesStatement(schema), onTables(() => [{ count: tables.recordTypes.size }])],
    [addRecordTypesStatement(schema), inserting((given) => addRecordTypes(world, given))],
    [insertTenantNameStatement(schema), inserting((given) => addTenantName(world, given))],
    [insertTestStatement(schema), inserting(() => addTestRow(world))],
    [insertStatement(schema), inserting((given) => addRecords(world, given))],
    ...creating(world),
  ]);
}

function creating({ schema, rules, tables }: World): readonly (readonly [string, Statement])[] {
  const allowed = (work: () => void): Statement => {
    return () => {
      if (!rules.mayCreate) throw new SqlError(262, 14);
      work();
      return [];
    };
  };
  const statements = statementsFrom(schema, 0);
  const create = () => {
    // Exists with its first row, which the last statement adds.
    if (tables.version !== undefined) throw new SqlError(2714);
    if (!tables.schemaExists) throw new SqlError(2760);
  };
  return [
    [
      createSchema(schema),
      allowed(() => {
        tables.schemaExists = true;
      }),
    ],
    ...statements.map((text, at) => {
      const isLast = at + 1 === statements.length;
      const work = () => {
        create();
        if (isLast) tables.version = 1;
      };
      return [text, allowed(work)] as const;
    }),
  ];
}

const typesSchema = z.array(z.tuple([z.int(), z.string().max(200)]));

function addRecordTypes({ tables }: World, { types }: Parameters): readonly NumberRow[] {
  for (const [number, name] of typesSchema.parse(JSON.parse(types ?? '')))
    tables.recordTypes.set(number, name);
  return [];
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function guidIn(text: string | null | undefined): string {
  if (text === null || text === undefined || !guid.test(text)) throw new SqlError(8169);
  return text.toLowerCase();
}

function addTenantName({ tables }: World, { tenant, name }: Parameters): readonly NumberRow[] {
  const tenantId = guidIn(tenant);
  const text = textIn(name ?? null, 400) ?? '';
  const newest = tables.tenantNames.findLast((one) => one.tenantId === tenantId);
  if (newest?.name !== text) tables.tenantNames.push({ tenantId, name: text });
  return [];
}

function addTestRow({ tables }: World): readonly NumberRow[] {
  tables.records.set('test', { tenantId: 'test', columns: { id: 'test' }, record: null, recordText: null });
  return [];
}

const batchSchema = z.array(
  z.array(z.union([z.string(), z.number(), z.null()])).length(rowColumns.length + 2),
);

function addRecords({ rules, tables }: World, { tenant, batch }: Parameters): readonly NumberRow[] {
  const tenantId = guidIn(tenant);
  const rows = parsedBatch(batch).map((cells) => rowOf(tenantId, cells));
  if (rows.some(({ columns }) => rules.refused.has(String(columns['id'])))) throw new SqlError(547);
  const before = tables.records.size;
  for (const row of rows) {
    const key = `${tenantId} ${row.columns['created']} ${row.columns['id']}`;
    if (!tables.records.has(key)) tables.records.set(key, row);
  }
  return [{ stored: tables.records.size - before }];
}

function parsedBatch(batch: string | null | undefined) {
  try {
    return batchSchema.parse(JSON.parse(batch ?? ''));
  } catch {
    throw new SqlError(13609);
  }
}

function rowOf(tenantId: string, cells: readonly Cell[]): StoredRow {
  const columns = Object.fromEntries(
    rowColumns.map(({ name, type }, at) => [name, valueOf(type, cells[at])]),
  );
  const [isJson, body] = [cells[rowColumns.length], cells[rowColumns.length + 1]];
  const text = String(body);
  const held = isJson === 1 && isJsonObject(text);
  return { tenantId, columns, record: held ? text : null, recordText: held ? null : text };
}

/** What `isjson` says in SQL Server 2016. */
function isJsonObject(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object' && /^\s*[[{]/.test(text);
  } catch {
    return false;
  }
}

const ranges: Readonly<Record<string, bigint>> = { int: 2n ** 31n, bigint: 2n ** 63n };
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}$/;

/** @throws SqlError for a value that the type does not have */
function valueOf(type: string, value: Cell | undefined): Cell {
  if (value === null || value === undefined) return null;
  const limit = ranges[type];
  if (limit !== undefined) return wholeIn(value, limit);
  if (type !== 'datetime2(3)') return textIn(String(value), Number(/\d+/.exec(type)?.[0]));
  if (!time.test(String(value))) throw new SqlError(241);
  return value;
}

function wholeIn(value: string | number, limit: bigint): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new SqlError(245);
  if (BigInt(value) >= limit || BigInt(value) < -limit) throw new SqlError(8115);
  return value;
}

function textIn(value: string | null, maxLength: number): string | null {
  if (value !== null && value.length > maxLength) throw new SqlError(2628);
  return value;
}
