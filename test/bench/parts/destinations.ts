/** Part j: sending on to destinations, as a ratio to what their receivers take without the app; and its storage requests. */
import { randomUUID } from 'node:crypto';
import { QueueServiceClient } from '@azure/storage-queue';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { createCursorStore } from '../../../shared/adapters/tables/cursor-store.ts';
import { createDeadLetterStore } from '../../../shared/adapters/tables/dead-letter-store.ts';
import { createDestinationStore } from '../../../shared/adapters/tables/destination-store.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createSearchStore } from '../../../shared/adapters/tables/search-store.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { destinationMessageSchema, destinationQueue } from '../../../shared/destinations/messages.ts';
import { createDestinationNotifier } from '../../../shared/destinations/notify.ts';
import { runDestinationMessage } from '../../../shared/destinations/run-message.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import { generateRecords } from '../../simulator/synthetic-records.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';
import { rawBlobOf } from '../../support/feed-world.ts';
import { tenantNamed } from '../../support/tenants.ts';
import type { Bench } from '../bench.ts';
import type { OperationCounts } from '../counting-proxy.ts';
import { median, type Figure } from '../figures.ts';
import type { PartResult } from '../report.ts';
import { timed } from '../runner/clock.ts';
import { databaseTitle, startNdjson, starts, type BenchReceiver } from './destination-receivers.ts';

const large = { landings: 10, records: 1000 } as const;
const small = { landings: 20, records: 10 } as const;
const limitMs = 10 * 60_000;

const notes = [
  `${large.landings * large.records} records of one tenant in landings of ${large.records}; one batch after the other; receivers on the same machine.`,
  'Bare: receivers of HTTPS requests and of events, and the stand-in for SQL Server, take the same ones again; PostgreSQL takes the same rows by COPY, into a table with the same indexes.',
  `${databaseTitle}.`,
  `Requests to storage: ${small.landings} landings of ${small.records} records, each with a message of its own, received and deleted.`,
];

export async function measureDestinations(bench: Bench): Promise<PartResult> {
  await bench.emulator.clear();
  const tenant = tenantNamed('Northwind');
  const { tenantId } = tenant;
  const direct = openDeps(bench.connectionString);
  await direct.tenants.create(tenant);
  await ingest(direct, tenantId, large);
  const figures: Figure[] = [];
  for (const start of starts) {
    const receiver = await start();
    figures.push(...(await measureKind(bench, tenantId, receiver).finally(receiver.stop)));
  }
  return { part: 'j', figures: [...figures, ...(await measureRequests(bench, tenantId))], notes };
}

function openDeps(connectionString: string) {
  const storage = { kind: 'connectionString', connectionString } as const;
  const tables = createTables(storage);
  return {
    ...{ landings: createLandingStore(tables), index: createRecordIndex(tables) },
    ...{ raw: createRawStore(storage), queues: createWorkQueues(storage) },
    ...{ names: createFakeNameDirectory(), telemetry: () => undefined, concurrency: 4 },
    ...{ now: () => new Date(), random: Math.random, tenants: createTenantStore(tables) },
    ...{
      destinations: createDestinationStore(tables),
      searches: createSearchStore(tables),
      cursors: createCursorStore(tables),
    },
    deadLetters: createDeadLetterStore(tables),
  };
}

type Stores = ReturnType<typeof openDeps>;

interface Size {
  readonly landings: number;
  /** Of each. */
  readonly records: number;
}

let seed = 0;

async function ingest(deps: Stores, tenantId: string, size: Size): Promise<void> {
  const of = { tenantId, count: size.landings * size.records, seed: ++seed, now: new Date() };
  const texts = [...generateRecords(of)].map(({ text }) => text);
  for (let from = 0; from < texts.length; from += size.records) {
    const part = texts.slice(from, from + size.records);
    const landing = rawBlobOf(tenantId, part, new Date());
    await deps.raw.put(landing.request.blobName, landing.body, landing.metadata);
    await indexLanding(deps, landing.request);
  }
}

async function measureKind(
  { connectionString, say }: Bench,
  tenantId: string,
  receiver: BenchReceiver,
): Promise<readonly Figure[]> {
  const { name, count, prepareBare } = receiver;
  const { destinationId, deps } = await addDestination(openDeps(connectionString), receiver);
  const message = { version: 1, destinationId, tenantId } as const;
  const app = await timed(() => runDestinationMessage(deps, message, AbortSignal.timeout(limitMs)));
  await deps.destinations.remove(destinationId);
  const records = large.landings * large.records;
  if (count() !== records) throw new Error(`Of ${records} records ${count()} arrived by ${name}`);
  const bare = await timed(prepareBare());
  say(`(j) ${name}: app ${app.seconds.toFixed(2)} s, bare ${bare.seconds.toFixed(2)} s`);
  const unit = 'records/s';
  return [
    { key: `${name}Ratio`, label: `${name}, to bare`, value: bare.seconds / app.seconds, unit: '' },
    { key: `${name}PerSecond`, label: '  sent on', value: records / app.seconds, unit },
    { key: `${name}BarePerSecond`, label: '  bare', value: records / bare.seconds, unit },
  ];
}

/** A destination of everything. */
async function addDestination(
  deps: Stores,
  {
    name: kind,
    kind: bound,
    settings,
    context,
  }: Pick<BenchReceiver, 'name' | 'kind' | 'settings' | 'context'>,
) {
  const destinationId = randomUUID();
  await deps.destinations.create({
    ...{ destinationId, displayName: kind, kind, settings: { ...settings }, tenants: '*', filters: {} },
    ...{ paused: false, createdBy: 'bench', createdDateTime: deps.now(), since: new Date(0) },
  });
  const destinationKinds = new Map([[kind, bound]]);
  return { destinationId, deps: { ...deps, destinationKinds, senderContext: context } };
}

type Deps = Awaited<ReturnType<typeof addDestination>>['deps'];

async function measureRequests(
  { connectionString, wire, say }: Bench,
  tenantId: string,
): Promise<readonly Figure[]> {
  const receiver = await startNdjson();
  const { deps } = await addDestination(openDeps(wire.connectionString), receiver);
  const direct = openDeps(connectionString);
  const notify = createDestinationNotifier(deps);
  const countOne = async () => {
    await ingest(direct, tenantId, { ...small, landings: 1 });
    wire.reset();
    await notify(tenantId);
    await workOff(deps, wire.connectionString);
    return wire.counts();
  };
  // Sends everything before, creates what is created once, and reads what is read once a minute.
  await countOne();
  const counts: OperationCounts[] = [];
  for (let at = 0; at < small.landings; at++) counts.push(await countOne());
  await receiver.stop();
  say(`(j) a landing: ${JSON.stringify(counts[0])}`);
  return requestFigures(counts);
}

/** As a host does that receives one message at a time. */
async function workOff(deps: Deps, connectionString: string): Promise<void> {
  const queue = QueueServiceClient.fromConnectionString(connectionString).getQueueClient(destinationQueue);
  const { receivedMessageItems } = await queue.receiveMessages({ visibilityTimeout: 60 });
  for (const { messageText, messageId, popReceipt } of receivedMessageItems) {
    const text = Buffer.from(messageText, 'base64').toString();
    const message = destinationMessageSchema.parse(JSON.parse(text));
    await runDestinationMessage(deps, message, AbortSignal.timeout(limitMs));
    await queue.deleteMessage(messageId, popReceipt);
  }
}

function requestFigures(counts: readonly OperationCounts[]): readonly Figure[] {
  const figure = (key: string, label: string, of: (one: OperationCounts) => number): Figure => {
    return { key, label, value: median(counts.map(of)) ?? 0, unit: '' };
  };
  return [
    figure('destinationTableReads', 'table reads, a landing and destination', (one) => one.tableReads),
    figure('destinationTableWrites', '  table writes', (one) => one.tableWrites),
    figure('destinationBlobReads', '  blob reads', (one) => one.blobReads + one.blobWrites),
    figure('destinationQueueOperations', '  queue operations', (one) => one.queueOperations),
  ];
}
