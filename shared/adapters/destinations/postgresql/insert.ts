/** Stores batches: one statement each, which stores all of its rows or none. */
import { quoted } from '../../../destinations/kinds/postgresql/schema.ts';
import { decodeRow, rowColumns } from '../../../destinations/kinds/postgresql/row.ts';
import { withoutUnstorable } from '../../../destinations/kinds/relational/columns.ts';
import type { EncodedRecord, OutgoingRecord } from '../../../destinations/outgoing.ts';
import type { Connection } from './connection.ts';

/**
 * Stores the records that the table does not have yet.
 * @param records of one tenant
 * @returns how many were stored
 */
export async function insertRecords(
  connection: Connection,
  schema: string,
  records: readonly EncodedRecord[],
): Promise<number> {
  const rows = records.map(({ body }) => decodeRow(body));
  const { count } = await connection.query(insertStatement(schema), [
    records[0]?.record.tenantId,
    ...rowColumns.map((_, at) => rows.map(({ values }) => values[at])),
    rows.map(({ record }) => record),
    rows.map(({ recordText }) => recordText),
  ]);
  return count;
}

/** Arrays instead of lists of values: one text for batches of any size, and no more than 16 parameters. */
function insertStatement(schema: string): string {
  const columns = rowColumns.map(({ name }) => name).join(', ');
  const arrays = rowColumns.map(({ type }, at) => `$${at + 2}::${type}[]`).join(', ');
  const last = rowColumns.length + 2;
  return `insert into ${quoted(schema)}.records (tenant_id, ${columns}, record, record_text)
select $1::uuid, ${columns}, record::jsonb, record_text
from unnest(${arrays}, $${last}::text[], $${last + 1}::text[]) as sent (${columns}, record, record_text)
on conflict do nothing`;
}

/** Adds the name of the tenant unless it is the newest one already. */
export async function insertTenantName(
  connection: Connection,
  schema: string,
  { tenantId, tenantName }: OutgoingRecord,
): Promise<void> {
  await connection.query(
    `insert into ${quoted(schema)}.tenant_names (tenant_id, name)
select $1::uuid, $2 where $2 is distinct from (select name from ${quoted(schema)}.tenants where tenant_id = $1::uuid)
on conflict do nothing`,
    [tenantId, withoutUnstorable(tenantName)],
  );
}
