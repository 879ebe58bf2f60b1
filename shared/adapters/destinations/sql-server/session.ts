/** A connection whose tables are there, and what is stored by it. */
import * as z from 'zod';
import { withoutUnstorable } from '../../../destinations/kinds/relational/columns.ts';
import type { SendResult } from '../../../destinations/kind.ts';
import type { EncodedRecord, OutgoingBatch } from '../../../destinations/outgoing.ts';
import { prepared } from '../relational/sender.ts';
import { createStoredNames, type StoredNames } from '../relational/tenant-names.ts';
import type { Connection } from './client.ts';
import { connect, type Endpoint } from './connection.ts';
import { ensureSchema } from './schema.ts';
import { insertStatement, insertTenantNameStatement } from './statements.ts';

export interface Session {
  readonly connection: Connection;
  readonly names: StoredNames;
}

/** @throws Error of the server, the network, or the driver; then it leaves no connection */
export async function openSession(
  endpoint: Endpoint,
  password: string,
  signal: AbortSignal,
): Promise<Session> {
  const connection = await connect(endpoint, password, signal);
  return await prepared(signal, connection, async () => {
    await ensureSchema(connection, endpoint.settings.schema);
    return { connection, names: createStoredNames() };
  });
}

const storedSchema = z.tuple([z.object({ stored: z.int() })]);

/** @throws Error of the server, the network, or the driver; then nothing, or perhaps everything, is stored */
export async function store(
  { connection, names }: Session,
  { settings: { schema } }: Endpoint,
  { records }: OutgoingBatch,
): Promise<SendResult> {
  const tenant = records[0]?.record.tenantId ?? '';
  await names.ensure(records, async ({ tenantName }) => {
    await connection.query(insertTenantNameStatement(schema), {
      tenant,
      name: withoutUnstorable(tenantName),
    });
  });
  const rows = await connection.query(insertStatement(schema), { tenant, batch: listOf(records) });
  return { outcome: 'accepted', duplicates: records.length - storedSchema.parse(rows)[0].stored };
}

function listOf(records: readonly EncodedRecord[]): string {
  return `[${records.map(({ body }) => body.toString('utf8')).join(',')}]`;
}
