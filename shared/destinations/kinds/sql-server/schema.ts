/** The tables and views of the database, as the statements that create them. Each is a batch of its own, as views demand. */
import { recordColumns, requiredColumns } from '../relational/columns.ts';
import { typeNumbers, views, type Member, type View } from '../relational/views.ts';
import { rowColumns } from './row.ts';

/** Version of the schema. A change adds a step to {@link schemaSteps}; tables of older releases are never altered otherwise. */
export const schemaVersion = 1;

/** Statements that lead from one version to the next; at index 0 those that create version 1. */
const schemaSteps: readonly ((schema: string) => readonly string[])[] = [firstVersion];

/**
 * Statements that lead from a version of the schema to the current one, in their order.
 * @param schema a checked name
 * @param version 0 if there is nothing yet
 */
export function statementsFrom(schema: string, version: number): readonly string[] {
  return schemaSteps
    .slice(version)
    .flatMap((step, at) => [
      ...step(bracketed(schema)),
      `insert into ${bracketed(schema)}.auditkeep_schema_version (version) values (${version + at + 1})`,
    ]);
}

export function createSchema(schema: string): string {
  return `create schema ${bracketed(schema)}`;
}

/** All statements for an empty database, for administrators who do not let Auditkeep create tables. */
export function sqlServerDdl(schema: string): string {
  return [createSchema(schema), ...statementsFrom(schema, 0)].map((text) => `${text};\ngo\n`).join('\n');
}

/** A name that a schema may have, as T-SQL has it. */
export function bracketed(schema: string): string {
  return `[${schema}]`;
}

/** Rows that are there already are skipped, also those that another sender stores at the same moment. */
const keyOptions = 'ignore_dup_key = on, data_compression = page';

function firstVersion(schema: string): readonly string[] {
  return [
    versionTable(schema),
    recordTable(schema),
    `create index records_by_user on ${schema}.records (user_id, created) with (data_compression = page)`,
    `create index records_by_time on ${schema}.records (created, landed) with (data_compression = page)`,
    recordTypeTable(schema),
    tenantNameTable(schema),
    tenantView(schema),
    ...views.map((view) => viewStatement(schema, view)),
  ];
}

function versionTable(schema: string): string {
  return `create table ${schema}.auditkeep_schema_version (
  version int not null primary key,
  since datetime2(3) not null default sysutcdatetime()
)`;
}

/** What is compared is compared as it is stored, whatever the collation of the database. */
const exact: ReadonlySet<string> = new Set(['id', 'user_id']);

function recordTable(schema: string): string {
  const columns = rowColumns.map(({ name, type }) => {
    const collation = exact.has(name) ? ' collate Latin1_General_100_BIN2' : '';
    return `  ${name} ${type}${collation}${requiredColumns.has(name) ? ' not' : ''} null,\n`;
  });
  return `create table ${schema}.records (
  tenant_id uniqueidentifier not null,
${columns.join('')}  record nvarchar(max) null,
  record_text nvarchar(max) null,
  primary key clustered (tenant_id, created, id) with (${keyOptions})
)`;
}

function recordTypeTable(schema: string): string {
  return `create table ${schema}.record_types (
  record_type int not null primary key with (ignore_dup_key = on),
  name nvarchar(200) not null
)`;
}

/** Rows are only added, because a sender may not update: the newest name is the one that is shown. */
function tenantNameTable(schema: string): string {
  return `create table ${schema}.tenant_names (
  tenant_id uniqueidentifier not null,
  since datetime2(7) not null default sysutcdatetime(),
  name nvarchar(400) not null,
  primary key (tenant_id, since) with (ignore_dup_key = on)
)`;
}

function tenantView(schema: string): string {
  return `create view ${schema}.tenants as
select tenant_id, name
from (
  select tenant_id, name, row_number() over (partition by tenant_id order by since desc) as place
  from ${schema}.tenant_names
) as named
where place = 1`;
}

function viewStatement(schema: string, view: View): string {
  const own = recordColumns.filter((name) => name !== 'line');
  const further = Object.entries(view.columns).map(
    ([name, member]) => `${expressionOf(member)} as ${bracketed(name)}`,
  );
  return `create view ${schema}.${view.name} as
select tenant_id, ${own.join(', ')},
  ${further.join(',\n  ')},
  record
from ${schema}.records
where record_type in (${typeNumbers(view).join(', ')})`;
}

function expressionOf({ as, paths }: Member): string {
  const read = as === 'text' ? 'json_value' : 'json_query';
  const expressions = paths.map((path) => `${read}(record, '$.${path.join('.')}')`);
  return expressions.length === 1 ? expressions.join('') : `coalesce(${expressions.join(', ')})`;
}
