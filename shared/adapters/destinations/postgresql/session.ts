/** A connection whose tables are there, and what is stored by it. */
import type { SendResult } from '../../../destinations/kind.ts';
import type { OutgoingBatch } from '../../../destinations/outgoing.ts';
import { prepared } from '../relational/sender.ts';
import { createStoredNames, type StoredNames } from '../relational/tenant-names.ts';
import { connect, type Connection, type Endpoint } from './connection.ts';
import { insertRecords, insertTenantName } from './insert.ts';
import { readPartitions, type Partitions } from './partitions.ts';
import { ensureSchema } from './schema.ts';

export interface Session {
  readonly connection: Connection;
  readonly partitions: Partitions;
  readonly names: StoredNames;
}

/** @throws Error of the server, the network, or the driver; then it leaves no connection */
export async function openSession(
  endpoint: Endpoint,
  password: string,
  signal: AbortSignal,
): Promise<Session> {
  const { schema } = endpoint.settings;
  const connection = await connect(endpoint, password, signal);
  return await prepared(signal, connection, async () => {
    await ensureSchema(connection, schema);
    const partitions = await readPartitions(connection, schema);
    return { connection, partitions, names: createStoredNames() };
  });
}

/** @throws Error of the server, the network, or the driver; then nothing, or perhaps everything, is stored */
export async function store(
  { connection, partitions, names }: Session,
  { settings: { schema }, context }: Endpoint,
  { records }: OutgoingBatch,
): Promise<SendResult> {
  const times = records.map(({ record }) => record.createdDateTime);
  await partitions.ensure(times, context.now());
  await names.ensure(records, (record) => insertTenantName(connection, schema, record));
  const stored = await insertRecords(connection, schema, records);
  return { outcome: 'accepted', duplicates: records.length - stored };
}
