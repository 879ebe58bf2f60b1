/** All that a sender says to SQL Server, except what creates the tables. A test parses it with Microsoft's parser. */
import { bracketed } from '../../../destinations/kinds/sql-server/schema.ts';
import { rowColumns } from '../../../destinations/kinds/sql-server/row.ts';

/** Within transactions, what waits for a lock longer ends with error 1222. */
const lockTimeoutMs = 2000;

export const beginStatement = `set lock_timeout ${lockTimeoutMs}; begin transaction`;
export const commitStatement = 'commit transaction; set lock_timeout -1';
export const rollbackStatement = 'if @@trancount > 0 rollback transaction; set lock_timeout -1';

/** One row: `compatibility_level`, and 1 or 0 for `schema_exists` and `is_versioned`. */
export function stateStatement(schema: string): string {
  return `select cast(compatibility_level as int) as compatibility_level,
  iif(schema_id(N'${schema}') is null, 0, 1) as schema_exists,
  iif(object_id(N'${bracketed(schema)}.auditkeep_schema_version', N'U') is null, 0, 1) as is_versioned
from sys.databases
where database_id = db_id()`;
}

export function versionStatement(schema: string): string {
  return `select coalesce(max(version), 0) as version from ${bracketed(schema)}.auditkeep_schema_version`;
}

/** Until the end of the transaction, all that follow it wait; longer than for two seconds none does. */
export function lockStatement(schema: string): string {
  return `declare @result int;
exec @result = sp_getapplock @Resource = N'${schema}.auditkeep_schema_version', @LockMode = N'Exclusive',
  @LockOwner = N'Transaction', @LockTimeout = ${lockTimeoutMs};
if @result < 0 throw 51222, N'Another sender creates the tables.', 1`;
}

export function countRecordTypesStatement(schema: string): string {
  return `select count(*) as count from ${bracketed(schema)}.record_types`;
}

/** `@types`: a list of lists of a number and a name. */
export function addRecordTypesStatement(schema: string): string {
  const table = `${bracketed(schema)}.record_types`;
  return `insert into ${table} (record_type, name)
select record_type, name
from openjson(@types) with (record_type int '$[0]', name nvarchar(200) '$[1]') as sent
where not exists (select 1 from ${table} as known where known.record_type = sent.record_type)`;
}

/** One row: 1 or 0 for `allowed`. */
export function mayCreateStatement(schema: string, exists: boolean): string {
  const rights = ['CREATE TABLE', 'CREATE VIEW', ...(exists ? [] : ['CREATE SCHEMA'])].map(
    (right) => `has_perms_by_name(db_name(), N'DATABASE', N'${right}')`,
  );
  const own = exists ? [`has_perms_by_name(N'${bracketed(schema)}', N'SCHEMA', N'ALTER')`] : [];
  return `select iif(${[...rights, ...own].map((right) => `${right} = 1`).join(' and ')}, 1, 0) as allowed`;
}

export function insertTestStatement(schema: string): string {
  return `insert into ${bracketed(schema)}.records (tenant_id, id, created, landed, sequence, line)
values ('00000000-0000-0000-0000-000000000000', 'test', '1970-01-01', '1970-01-01', 0, 0)`;
}

/** Adds the name `@name` of the tenant `@tenant` unless it is the newest one already. */
export function insertTenantNameStatement(schema: string): string {
  return `insert into ${bracketed(schema)}.tenant_names (tenant_id, name)
select @tenant, @name
where not exists (
  select 1 from ${bracketed(schema)}.tenants
  where tenant_id = @tenant and name = @name collate Latin1_General_100_BIN2
)`;
}

/**
 * Stores the records in `@batch`, a list of encoded rows of the tenant `@tenant`, that the table does not have yet. One row:
 * how many were `stored`. What JSON is, the server decides: its functions must be able to read all of the column.
 */
export function insertStatement(schema: string): string {
  const columns = rowColumns.map(({ name }) => name);
  const paths = rowColumns.map(({ name, type }, at) => `  ${name} ${type} '$[${at}]',\n`);
  const last = rowColumns.length;
  const table = `${bracketed(schema)}.records`;
  return `set nocount on;
insert into ${table} (tenant_id, ${columns.join(', ')}, record, record_text)
select @tenant, ${columns.join(', ')},
  iif(is_json = 1 and isjson(body) = 1, body, null),
  iif(is_json = 1 and isjson(body) = 1, null, body)
from openjson(@batch) with (
${paths.join('')}  is_json int '$[${last}]',
  body nvarchar(max) '$[${last + 1}]'
) as sent
where not exists (
  select 1 from ${table} as known
  where known.tenant_id = @tenant and known.created = sent.created
    and known.id = sent.id collate Latin1_General_100_BIN2
);
select @@rowcount as stored`;
}
