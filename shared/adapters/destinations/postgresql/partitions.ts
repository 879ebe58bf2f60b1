/** Creates partitions of months before their first records are stored, where the role may. */
import * as z from 'zod';
import { monthAfter, monthsOf, type Month } from '../../../destinations/kinds/postgresql/months.ts';
import { quoted } from '../../../destinations/kinds/postgresql/schema.ts';
import type { Connection } from './connection.ts';
import { underLock } from './schema.ts';

/** What a sender knows of the partitions of a database. */
export interface Partitions {
  /** Makes those of the months of these times. @throws Error of the server when one could be made later */
  ensure(times: readonly Date[], now: Date): Promise<void>;
}

const rightsSchema = z.tuple([z.object({ allowed: z.boolean() })]);
const namesSchema = z.array(z.object({ name: z.string() }));
const countSchema = z.tuple([z.object({ count: z.int() })]);

export async function readPartitions(connection: Connection, schema: string): Promise<Partitions> {
  const known = new Set(await partitionNames(connection, schema));
  // Everything then goes into the default partition.
  if (!(await mayCreate(connection, schema))) return { ensure: () => Promise.resolve() };
  const create = async (month: Month) => {
    await underLock(connection, schema, () => createPartition(connection, schema, month));
    known.add(month.partition);
  };
  return {
    async ensure(times, now) {
      const missing = (months: readonly Month[]) => months.filter(({ partition }) => !known.has(partition));
      for (const month of missing(monthsOf(times, now))) await create(month);
      // If it cannot be made now, a later batch makes it.
      for (const month of missing([monthAfter(now)])) await create(month).catch(() => undefined);
    },
  };
}

/** The right to create tables, and to attach them to the table of records. */
async function mayCreate(connection: Connection, schema: string): Promise<boolean> {
  const { rows } = await connection.query(
    `select has_schema_privilege($1, 'create') and pg_has_role(relowner, 'usage') as allowed
from pg_class where oid = $2::regclass`,
    [schema, `${quoted(schema)}.records`],
  );
  return rightsSchema.parse(rows)[0].allowed;
}

async function partitionNames(connection: Connection, schema: string): Promise<readonly string[]> {
  const { rows } = await connection.query(
    `select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
where inhparent = $1::regclass`,
    [`${quoted(schema)}.records`],
  );
  return namesSchema.parse(rows).map(({ name }) => name);
}

/** More than so many rows are not moved while others wait. */
const maxMoved = 10_000;

/**
 * Attaching waits only for queries that read the default partition; `create table … partition of` waits for all. Records that
 * came with a wrong time before the month began are in the default partition, and would prevent it: they are moved.
 */
async function createPartition(connection: Connection, schema: string, month: Month): Promise<void> {
  if ((await partitionNames(connection, schema)).includes(month.partition)) return;
  const [parent, table] = [`${quoted(schema)}.records`, `${quoted(schema)}.${month.partition}`];
  await connection.query(`lock table ${parent}_default in access exclusive mode`);
  if ((await countInDefault(connection, parent, month)) > maxMoved) return;
  const range = `'${month.from}') to ('${month.to}'`;
  for (const statement of [
    `create table ${table} (like ${parent} including defaults including constraints)`,
    `with moved as (delete from ${parent}_default where ${inMonth(month)} returning *) insert into ${table} select * from moved`,
    `alter table ${parent} attach partition ${table} for values from (${range})`,
  ])
    await connection.query(statement);
}

async function countInDefault(connection: Connection, parent: string, month: Month): Promise<number> {
  const { rows } = await connection.query(
    `select count(*)::integer as count from (
select from ${parent}_default where ${inMonth(month)} limit ${maxMoved + 1}) as found`,
  );
  return countSchema.parse(rows)[0].count;
}

function inMonth({ from, to }: Month): string {
  return `created >= '${from}' and created < '${to}'`;
}
