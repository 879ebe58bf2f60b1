/** The tables and views of the database, as the statements that create them. */
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
      ...step(quoted(schema)),
      `insert into ${quoted(schema)}.auditkeep_schema_version (version) values (${version + at + 1})`,
    ]);
}

export function createSchema(schema: string): string {
  return `create schema if not exists ${quoted(schema)}`;
}

/** All statements for an empty database, for administrators who do not let Auditkeep create tables. */
export function postgresqlDdl(schema: string): string {
  return [createSchema(schema), ...statementsFrom(schema, 0)].map((text) => `${text};\n`).join('\n');
}

/** A name that a schema may have, as SQL has it. */
export function quoted(schema: string): string {
  return `"${schema}"`;
}

function firstVersion(schema: string): readonly string[] {
  return [
    versionTable(schema),
    recordTable(schema),
    `create table ${schema}.records_default partition of ${schema}.records default`,
    `create index records_by_user on ${schema}.records (user_id, created)`,
    `create index records_by_time on ${schema}.records using brin (created, landed)`,
    recordTypeTable(schema),
    tenantNameTable(schema),
    tenantView(schema),
    ...views.map((view) => viewStatement(schema, view)),
  ];
}

function versionTable(schema: string): string {
  return `create table ${schema}.auditkeep_schema_version (
  version integer primary key,
  since timestamptz not null default now()
)`;
}

/** The key has the column by which the table is partitioned, as PostgreSQL demands. */
function recordTable(schema: string): string {
  const columns = rowColumns.map(
    ({ name, type }) => `  ${name} ${type}${requiredColumns.has(name) ? ' not null' : ''},\n`,
  );
  return `create table ${schema}.records (
  tenant_id uuid not null,
${columns.join('')}  record jsonb,
  record_text text,
  primary key (tenant_id, created, id)
) partition by range (created)`;
}

function recordTypeTable(schema: string): string {
  return `create table ${schema}.record_types (
  record_type integer primary key,
  name text not null
)`;
}

/** Rows are only added, because a sender may not update: the newest name is the one that is shown. */
function tenantNameTable(schema: string): string {
  return `create table ${schema}.tenant_names (
  tenant_id uuid not null,
  since timestamptz not null default now(),
  name text not null,
  primary key (tenant_id, since)
)`;
}

function tenantView(schema: string): string {
  return `create view ${schema}.tenants as
select distinct on (tenant_id) tenant_id, name
from ${schema}.tenant_names
order by tenant_id, since desc`;
}

function viewStatement(schema: string, view: View): string {
  const own = recordColumns.filter((name) => name !== 'line');
  const further = Object.entries(view.columns).map(([name, member]) => `${expressionOf(member)} as ${name}`);
  return `create view ${schema}.${view.name} as
select tenant_id, ${own.join(', ')},
  ${further.join(',\n  ')},
  record
from ${schema}.records
where record_type in (${typeNumbers(view).join(', ')})`;
}

function expressionOf({ as, paths }: Member): string {
  const last = as === 'text' ? '->>' : '->';
  const expressions = paths.map((path) =>
    path.reduce((from, name, at) => `${from} ${at + 1 === path.length ? last : '->'} '${name}'`, 'record'),
  );
  return expressions.length === 1 ? expressions.join('') : `coalesce(${expressions.join(', ')})`;
}
