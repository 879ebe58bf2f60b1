/** Sends everything that a local run collects to its database, and answers the questions there in SQL. */
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { readDatabasePage } from '../support/destinations/database-page.ts';
import type { Api, AuditRecord } from './api.ts';
import { database, type PostgresqlProcess, role } from './postgresql-process.ts';
import type { Answer } from './questions.ts';

const PAUSE_MS = 250;
/** Unchanged for this long: what is still missing will not arrive. */
const STALLED_LIMIT_MS = 120_000;

/** The name of its password in the vault. */
export const passwordSecret = 'destination-postgresql';

type SendingApi = Pick<Api, 'createDestination' | 'getDestination' | 'listDestinationTenants'>;
type Database = Pick<PostgresqlProcess, 'port' | 'caPem' | 'psql' | 'query'>;

export interface Sending {
  readonly destinationId: string;
  readonly database: Database;
}

/** What the database has. */
export interface Sent {
  /** Everything that arrived at Auditkeep is there. */
  readonly isCurrent: boolean;
  readonly records: number;
  /** The command line that connects to it. */
  readonly psql: readonly string[];
  /** Why not all of it is there, and what to do. */
  readonly problem: string;
}

/** Creates the destination; it gets the records of all tenants from the beginning. */
export async function startSending(api: SendingApi, server: Database): Promise<Sending> {
  const { id } = await api.createDestination({
    displayName: 'PostgreSQL on this machine',
    kind: 'postgresql',
    settings: {
      host: '127.0.0.1',
      port: server.port,
      database,
      user: role,
      authentication: { kind: 'password', secret: passwordSecret },
      certificateAuthority: server.caPem,
    },
  });
  return { destinationId: id, database: server };
}

/** Real time, unless a test replaces it. */
export interface Waiting {
  /** Milliseconds. */
  readonly now: () => number;
  readonly delay: (milliseconds: number) => Promise<void>;
}

const realWaiting: Waiting = { now: () => performance.now(), delay: (milliseconds) => delay(milliseconds) };

/** Resolves when the database has everything that was collected, or when there is no more progress. */
export async function finishSending(
  api: SendingApi,
  { destinationId, database: { psql, query } }: Sending,
  waiting = realWaiting,
): Promise<Sent> {
  const isCurrent = await waitUntilSent(() => api.listDestinationTenants(destinationId), waiting);
  const { status, lastError, nextStep } = await api.getDestination(destinationId);
  const problem = [status, lastError, nextStep].filter((text) => text !== undefined).join(': ');
  return { isCurrent, problem, psql, records: isCurrent ? await countRecords(query) : 0 };
}

async function waitUntilSent(
  read: () => ReturnType<SendingApi['listDestinationTenants']>,
  { now, delay }: Waiting,
): Promise<boolean> {
  let [last, changedAt] = ['', now()];
  for (;;) {
    const progress = await read();
    if (progress.every(({ status }) => status === 'current')) return true;
    const text = JSON.stringify(progress);
    if (text !== last) changedAt = now();
    last = text;
    if (now() - changedAt > STALLED_LIMIT_MS) return false;
    await delay(PAUSE_MS);
  }
}

async function countRecords(query: Database['query']): Promise<number> {
  const rows = await query('select count(*) as records from auditkeep.records');
  return z.tuple([z.object({ records: z.int() })]).parse(rows)[0].records;
}

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    created: z.string(),
    user_id: z.string().nullable(),
    operation: z.string().nullable(),
    object_id: z.string().nullable(),
    client_ip: z.string().nullable(),
  }),
);

/** The statements of docs/destinations/postgresql.md, about the same as the answers of the API. */
export async function askInSql(
  api: Pick<Api, 'listRoleHolders'>,
  { database: { query } }: Pick<Sending, 'database'>,
  { tenantId, answers }: { readonly tenantId: string; readonly answers: readonly Answer[] },
): Promise<readonly Answer[]> {
  const { statements } = await readDatabasePage('postgresql');
  const holders = JSON.stringify({ value: await api.listRoleHolders(tenantId) });
  return await Promise.all(
    answers.map(async (answer) => {
      const { from, to, actor, service } = answer.filter;
      const name = service === undefined ? 'global-administrators' : 'one-person-in-sharepoint';
      const rows = await query(statements.get(name) ?? '', {
        ...{ tenant: tenantId, holders, person: actor[0] ?? '' },
        ...{ from: from.toISOString(), to: to.toISOString() },
      });
      return { ...answer, records: rowsSchema.parse(rows).map(toRecord) };
    }),
  );
}

function toRecord({ id, created, operation, ...row }: z.infer<typeof rowsSchema>[number]): AuditRecord {
  const { user_id: userId, object_id: objectId, client_ip: clientIp } = row;
  return { id, createdDateTime: created, userId, operation, objectId, clientIp };
}
