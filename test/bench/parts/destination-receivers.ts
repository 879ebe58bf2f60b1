/** Receivers of the benchmark: what they got they can take again from ready requests, without the app. */
import { Agent, request } from 'node:https';
import { parquetMetadata } from 'hyparquet';
import * as z from 'zod';
import { openEventHubs } from '../../../shared/adapters/destinations/event-hubs.ts';
import { openSession } from '../../../shared/adapters/destinations/event-hubs/session.ts';
import { openHttpsNdjson } from '../../../shared/adapters/destinations/https-ndjson.ts';
import { openLogAnalytics } from '../../../shared/adapters/destinations/log-analytics.ts';
import { createParquetOpener } from '../../../shared/adapters/destinations/parquet.ts';
import { openPostgresql } from '../../../shared/adapters/destinations/postgresql.ts';
import { openSqlServer } from '../../../shared/adapters/destinations/sql-server.ts';
import { connect } from '../../../shared/adapters/destinations/sql-server/connection.ts';
import { insertStatement } from '../../../shared/adapters/destinations/sql-server/statements.ts';
import { createNameResolver } from '../../../shared/adapters/resolve-name.ts';
import { bindKind, type BoundKind, type SenderContext } from '../../../shared/destinations/kind.ts';
import { eventHubs, eventHubsSettings } from '../../../shared/destinations/kinds/event-hubs.ts';
import { httpsNdjson } from '../../../shared/destinations/kinds/https-ndjson.ts';
import type { KindName } from '../../../shared/destinations/kinds/kinds.ts';
import { logAnalytics, logAnalyticsSettings } from '../../../shared/destinations/kinds/log-analytics.ts';
import { parquet, parquetSettings } from '../../../shared/destinations/kinds/parquet.ts';
import { postgresql } from '../../../shared/destinations/kinds/postgresql.ts';
import { sqlServer } from '../../../shared/destinations/kinds/sql-server.ts';
import { startEventHubStandIn } from '../../support/destinations/event-hub-stand-in.ts';
import { startHttpsStandIn, type HttpsStandIn } from '../../support/destinations/https-stand-in.ts';
import { senderContext } from '../../support/destinations/sender-context.ts';
import { findPostgresql, versionOf } from '../../support/postgresql/binaries.ts';
import { createDatabase } from '../../support/postgresql/database.ts';
import { startPostgresql } from '../../support/postgresql/server.ts';
import { startReceiver } from '../../support/sql-server/receiver.ts';

export interface BenchReceiver {
  readonly name: KindName;
  readonly kind: BoundKind;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly context: SenderContext;
  /** How many records it got. */
  readonly count: () => number;
  /** Makes what it got ready to be taken again. @returns takes it */
  readonly prepareBare: () => () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const bin = findPostgresql();

/** What stands for PostgreSQL, or why it is not measured. */
export const databaseTitle =
  bin === undefined ? 'PostgreSQL is not installed, and was not measured' : versionOf(bin);

export async function startNdjson(): Promise<BenchReceiver> {
  const standIn = await startStandIn((content) => content.toString().trimEnd().split('\n').length);
  return httpsReceiver(standIn, {
    name: httpsNdjson.name,
    kind: bindKind(httpsNdjson, openHttpsNdjson),
    settings: { url: `${standIn.origin}/lines`, certificateAuthority: standIn.ca },
  });
}

async function startLogAnalytics(): Promise<BenchReceiver> {
  const standIn = await startStandIn(
    (content) => z.array(z.unknown()).parse(JSON.parse(content.toString())).length,
  );
  const immutableId = `dcr-${'0123456789abcdef'.repeat(2)}`;
  return httpsReceiver(standIn, {
    name: logAnalytics.name,
    // Like the kind, but that its endpoint may be on this machine.
    kind: bindKind(
      { ...logAnalytics, settings: logAnalyticsSettings.extend({ endpoint: z.url() }) },
      openLogAnalytics,
    ),
    settings: { endpoint: standIn.origin, immutableId, certificateAuthority: standIn.ca },
  });
}

async function startEventHub(): Promise<BenchReceiver> {
  const standIn = await startEventHubStandIn();
  const { port, eventHub, ca: certificateAuthority } = standIn;
  const settings = { host: '127.0.0.1', port, eventHub, certificateAuthority };
  const context = senderContext();
  return {
    name: eventHubs.name,
    // Like the kind, but that the identity may sign in on this machine.
    kind: bindKind({ ...eventHubs, settings: z.strictObject(eventHubsSettings.shape) }, openEventHubs),
    settings,
    context,
    count: () => standIn.events.length,
    prepareBare: () => {
      const ready = [...standIn.messages];
      return async () => {
        const endpoint = {
          settings: z.strictObject(eventHubsSettings.shape).parse(settings),
          context,
          resolveName: createNameResolver(),
        };
        const token = await context.token('https://eventhubs.azure.net/.default');
        const { link, connection } = await openSession(endpoint, token, AbortSignal.timeout(60_000));
        for (const message of ready) await link.send(message);
        await connection.close();
      };
    },
    stop: standIn.stop,
  };
}

/** It takes files, and stores none: the emulator would be measured otherwise. */
async function startLake(): Promise<BenchReceiver> {
  const standIn = await startStandIn((content) => {
    const { buffer } = new Uint8Array(content);
    return Number(parquetMetadata(buffer).num_rows);
  });
  return httpsReceiver(standIn, {
    name: parquet.name,
    // Like the kind, but that the identity may sign in on this machine.
    kind: bindKind(
      { ...parquet, settings: z.strictObject({ ...parquetSettings.shape, url: z.url() }) },
      createParquetOpener(),
    ),
    settings: { url: `${standIn.origin}/records`, waitMinutes: 0, certificateAuthority: standIn.ca },
  });
}

interface CountingStandIn extends HttpsStandIn {
  readonly count: () => number;
}

async function startStandIn(countIn: (content: Buffer) => number): Promise<CountingStandIn> {
  let came = 0;
  const standIn = await startHttpsStandIn({
    count: () => 0,
    take: ({ content }) => {
      came += countIn(content);
    },
  });
  return { ...standIn, count: () => came };
}

function httpsReceiver(
  standIn: CountingStandIn,
  kind: Pick<BenchReceiver, 'name' | 'kind' | 'settings'>,
): BenchReceiver {
  const agent = new Agent({ keepAlive: true, ca: standIn.ca });
  return {
    ...{ ...kind, context: senderContext(), count: standIn.count },
    prepareBare: () => {
      const ready = [...standIn.requests];
      return async () => {
        for (const sent of ready) await post(standIn, agent, sent);
      };
    },
    stop: async () => {
      agent.destroy();
      await standIn.stop();
    },
  };
}

function post(
  { port }: HttpsStandIn,
  agent: Agent,
  { method, path, headers, sent }: HttpsStandIn['requests'][number],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, agent, method, path, headers };
    request(options, (response) => response.resume().once('end', resolve))
      .once('error', reject)
      .end(sent);
  });
}

async function startDatabase(folder: string): Promise<BenchReceiver> {
  const server = await startPostgresql(folder);
  const database = createDatabase(server);
  const { context, settings } = database;
  return {
    ...{ name: postgresql.name, kind: bindKind(postgresql, openPostgresql), settings, context },
    count: () => Number(database.rows('select count(*) from auditkeep.records')[0]?.['count']),
    prepareBare: () => {
      const text = database.run('copy (select * from auditkeep.records) to stdout');
      database.run('create table bare (like auditkeep.records including all)');
      return () => {
        database.run(`copy bare from stdin;\n${text}\\.\n`);
        return Promise.resolve();
      };
    },
    stop: () => server.remove(),
  };
}

async function startSqlServer(): Promise<BenchReceiver> {
  const inserts: string[] = [];
  const receiver = await startReceiver({
    faultOf: ({ text, parameters }) => {
      if (text === insertStatement('auditkeep')) inserts.push(parameters?.['batch'] ?? '');
      return undefined;
    },
  });
  const { settings, context, database, password, standIn } = receiver;
  return {
    ...{ name: sqlServer.name, kind: bindKind(sqlServer, openSqlServer), settings, context },
    count: () => database.tables.records.size,
    prepareBare: () => {
      database.forgetRecords();
      const ready = [...inserts];
      const endpoint = {
        ...{ settings: sqlServer.settings.parse(settings), context, resolveName: createNameResolver() },
      };
      return async () => {
        const connection = await connect(endpoint, password, AbortSignal.timeout(bareMs));
        for (const batch of ready) await connection.query(insertStatement('auditkeep'), { tenant, batch });
        await connection.close();
      };
    },
    stop: () => standIn.stop(),
  };
}

const tenant = '00000000-0000-4000-8000-000000000001';
const bareMs = 10 * 60_000;

/** Of each kind, one. */
export const starts: readonly (() => Promise<BenchReceiver>)[] = [
  startNdjson,
  startLogAnalytics,
  startLake,
  startEventHub,
  ...(bin === undefined ? [] : [() => startDatabase(bin)]),
  startSqlServer,
];
