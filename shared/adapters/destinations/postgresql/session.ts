/** A connection whose tables are there, and what is stored by it. */
import type { SendResult } from '../../../destinations/kind.ts';
import type { OutgoingBatch, OutgoingRecord } from '../../../destinations/outgoing.ts';
import { connect, within, type Connection, type Endpoint } from './connection.ts';
import { insertRecords, insertTenantName } from './insert.ts';
import { readPartitions, type Partitions } from './partitions.ts';
import { ensureSchema } from './schema.ts';

export interface Session {
  readonly connection: Connection;
  readonly partitions: Partitions;
  /** By the IDs of tenants, the names that it knows to be stored. */
  readonly names: Map<string, string>;
}

/** @throws Error of the server, the network, or the driver; then it leaves no connection */
export async function openSession(
  endpoint: Endpoint,
  password: string,
  signal: AbortSignal,
): Promise<Session> {
  const { schema } = endpoint.settings;
  const connection = await connect(endpoint, password, signal);
  try {
    return await within(signal, connection, async () => {
      await ensureSchema(connection, schema);
      return { connection, partitions: await readPartitions(connection, schema), names: new Map() };
    });
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** @throws Error of the server, the network, or the driver; then nothing, or perhaps everything, is stored */
export async function store(
  { connection, partitions, names }: Session,
  { settings: { schema }, context }: Endpoint,
  { records }: OutgoingBatch,
): Promise<SendResult> {
  const times = records.map(({ record }) => record.createdDateTime);
  await partitions.ensure(times, context.now());
  for (const { record } of records.slice(0, 1)) {
    if (isNamed(names, record)) continue;
    await insertTenantName(connection, schema, record);
    names.set(record.tenantId, record.tenantName);
  }
  const stored = await insertRecords(connection, schema, records);
  return { outcome: 'accepted', duplicates: records.length - stored };
}

function isNamed(names: ReadonlyMap<string, string>, { tenantId, tenantName }: OutgoingRecord): boolean {
  return names.get(tenantId) === tenantName;
}
