/** Writes something of a tenant wherever the product stores anything, and reads everything in storage. */
import { createArrivalLog } from '../../shared/adapters/tables/arrival-log.ts';
import { createArrivalAnnouncer } from '../../shared/feed/announce-arrivals.ts';
import { TableServiceClient, TableClient } from '@azure/data-tables';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { createHash, randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { newApiKey } from '../../shared/access/api-keys.ts';
import { ownerOfSet } from '../../shared/access/owner.ts';
import { createExportFiles } from '../../shared/adapters/blobs/export-files.ts';
import { createImportUploads } from '../../shared/adapters/blobs/import-uploads.ts';
import { createSegmentFiles } from '../../shared/adapters/blobs/segment-files.ts';
import { createRawStore } from '../../shared/adapters/blobs/raw-store.ts';
import { createAccessLog, createWebhookLog } from '../../shared/adapters/tables/access-log.ts';
import { createApiKeyStore } from '../../shared/adapters/tables/api-key-store.ts';
import { createConsentStore } from '../../shared/adapters/tables/consent-store.ts';
import { createCursorStore } from '../../shared/adapters/tables/cursor-store.ts';
import { createChannelStore } from '../../shared/adapters/tables/channel-store.ts';
import { createDeliveryStore } from '../../shared/adapters/tables/channel-delivery-store.ts';
import { createDeadLetterStore } from '../../shared/adapters/tables/dead-letter-store.ts';
import { createFindingStore } from '../../shared/adapters/tables/finding-store.ts';
import { createGroupStateStore } from '../../shared/adapters/tables/group-state-store.ts';
import { createDestinationStore } from '../../shared/adapters/tables/destination-store.ts';
import { createLandingStore } from '../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../shared/adapters/tables/ledger-store.ts';
import { createLegalHoldStore } from '../../shared/adapters/tables/legal-hold-store.ts';
import { createMailboxNameStore } from '../../shared/adapters/tables/mailbox-name-store.ts';
import { createMonthLayoutStore } from '../../shared/adapters/tables/month-layout-store.ts';
import { createOperationStore } from '../../shared/adapters/tables/operation-store.ts';
import { createPageTokenStore } from '../../shared/adapters/tables/page-token-store.ts';
import { createPostureStore } from '../../shared/adapters/tables/posture-store.ts';
import { createRecordIndex } from '../../shared/adapters/tables/record-index.ts';
import { createPoisonMessageStore } from '../../shared/adapters/tables/poison-message-store.ts';
import { createIdempotencyStore } from '../../shared/adapters/tables/idempotency-store.ts';
import { createRoleHolderStore } from '../../shared/adapters/tables/role-holder-store.ts';
import { createScheduleStore } from '../../shared/adapters/tables/schedule-store.ts';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import { createWatchStore } from '../../shared/adapters/tables/watch-store.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import { monthFolder } from '../../shared/index/segments/segment-files.ts';
import { nothingSent } from '../../shared/destinations/cursor.ts';
import type { StorageSettings } from '../../shared/config.ts';
import { groupKeyOf } from '../../shared/detection/group-state.ts';
import { enablementKind } from '../../shared/enablement/enablement.ts';
import { rolloutKind } from '../../shared/enablement/rollout.ts';
import { startEnablement } from '../../shared/enablement/start-enablement.ts';
import { exportKind } from '../../shared/exports/export.ts';
import { removalKind } from '../../shared/offboarding/removal.ts';
import { createOperation } from '../../shared/operations/start-operation.ts';
import type { ContentBlob } from '../../shared/activity/activity-feed.ts';
import type { Landing } from '../../shared/landing/landing.ts';
import { rejectedBlobName } from '../../shared/landing/landing-names.ts';
import { requestOf } from '../support/enablement-world.ts';
import { inventedExport } from '../support/exports.ts';
import { createFakeOperationQueue } from '../support/operations.ts';
import { inventedMessage } from '../support/channels/messages.ts';
import { contentNamed } from '../support/content.ts';
import { findingOf, groupStateOf } from '../support/detection/findings.ts';
import { watchOf } from '../support/detection/watches.ts';
import { scheduleOf } from '../support/report-schedules.ts';
import { tenantNamed } from '../support/tenants.ts';

const at = new Date('2026-03-10T12:00:00.000Z');

export interface StoredAmounts {
  /** Settled content blobs of each of three days. */
  readonly contentsADay: number;
  readonly rawBlobs: number;
}

/** @returns the numbers of blobs, tables and rows that are the tenant's own */
export async function storeTenant(
  settings: StorageSettings,
  tenantId: string,
  { contentsADay, rawBlobs }: StoredAmounts,
) {
  const tables = createTables(settings);
  await createTenantStore(tables).create(tenantNamed('Fabrikam', { tenantId }));
  await storeBlobs(settings, tenantId, rawBlobs);
  const landingRows = await storeLanding(tables, tenantId, contentsADay);
  await storeIndex(tables, tenantId);
  const otherRows = await storeWork(tables, tenantId);
  await storeEvidence(tables, tenantId);
  return { blobs: rawBlobs + 5, tables: 3, rows: landingRows + otherRows };
}

async function storeBlobs(settings: StorageSettings, tenantId: string, count: number): Promise<void> {
  const raw = createRawStore(settings);
  const body = gzipSync(`{"OrganizationId":"${tenantId}"}\n`);
  for (let index = 0; index < count; index++) {
    const name = `tenant=${tenantId}/date=2026-03-${String((index % 20) + 10)}/${index}.ndjson.gz`;
    await raw.put(name, body, { runs: 'E1.kf3k1s' });
  }
  await raw.putRejected(rejectedBlobName(tenantId, contentOf(0), 'ab'.repeat(32)), pieces(tenantId));
  const files = createExportFiles(settings);
  const blockId = Buffer.from('block').toString('base64');
  for (const owner of [tenantId, ownerOfSet(tenantId)]) {
    const file = `tenant=${owner}/${randomUUID()}.ndjson`;
    await files.stage(file, blockId, Buffer.from(tenantId));
    await files.commit(file, [blockId], 'application/x-ndjson');
  }
  const upload = { tenantId, uploadId: randomUUID() };
  await createImportUploads(settings).put(upload, 1, Buffer.from(tenantId));
  const segment = createSegmentFiles(settings).create(`${monthFolder(tenantId, '202601')}piece`);
  await segment.append(Buffer.from(tenantId));
  await segment.close();
}

async function* pieces(text: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(text));
}

const contentOf = (index: number, day = 10): ContentBlob =>
  contentNamed(`content-${day}-${index}`, new Date(Date.UTC(2026, 2, day, 8, 0, 0, index)));

/** Ledger, checkpoint, gap and landing. */
async function storeLanding(tables: Tables, tenantId: string, contentsADay: number): Promise<number> {
  const ledger = createLedger(tables);
  const contents = [8, 9, 10].flatMap((day) =>
    Array.from({ length: contentsADay }, (_, index) => contentOf(index, day)),
  );
  await ledger.settle(
    tenantId,
    contents.map((content) => ({ content, state: 'landed', attempts: 1, landingId: 'a' })),
  );
  const open = { state: 'pending', attempts: 1, nextAttemptAt: at, code: 'AF50000' } as const;
  await ledger.defer(tenantId, [{ ...open, content: contentOf(1, 7) }]);
  await ledger.advance(tenantId, { contentType: 'Audit.Exchange', listedThrough: at });
  const gap = { contentType: 'Audit.Exchange', reason: 'feedExpired', code: 'AF20055' } as const;
  await ledger.recordGaps(tenantId, [{ ...gap, window: { start: at, end: at }, recordedAt: at }]);
  const landing: Landing = {
    ...{ landingId: '20260310T120000000_0a1b2c3d', landedAt: at, oldestContent: at },
    ...{ blobName: `tenant=${tenantId}/x`, contentBlobs: 1, records: 1, bytes: 1 },
  };
  const landings = createLandingStore(tables);
  await landings.open(tenantId, landing);
  const counts = { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 1 };
  const closed = { ...landing, landingId: '20260310T120000001_0a1b2c3d' };
  const sequence = await landings.close(tenantId, closed, counts);
  const announcer = createArrivalAnnouncer({ arrivals: createArrivalLog(tables), now: () => at });
  for (const through of [1, sequence ?? 0]) await announcer.announce(tenantId, through);
  // One landing has a marker row, the other a number and a link, the newest of their kind. Two arrivals have two rows
  // each, and the tenant has one.
  return contents.length + 15;
}

/** Claims, the records of two months, and where those of a third are. */
async function storeIndex(tables: Tables, tenantId: string): Promise<void> {
  const index = createRecordIndex(tables);
  await index.createClaims(tenantId, [{ id: 'id', inverted: '1', landing: 1n, line: 0, content: 1n }]);
  const row = { rowKey: '1_id', match: {}, summary: Buffer.from(tenantId) };
  for (const month of ['202602', '202603']) await index.writeRows(tenantId, month, 'time', [row]);
  await createMonthLayoutStore(tables).save(
    tenantId,
    { month: '202601', generation: 1, sealed: [], sealedAt: at, segments: [], merged: [] },
    undefined,
  );
}

/** What is done for a tenant and known about it, including link and key; other suites test the keys of the tables. */
async function storeWork(tables: Tables, tenantId: string): Promise<number> {
  const operations = { now: () => at, queues: createFakeOperationQueue(), telemetry: () => undefined };
  const enablements = createOperationStore(tables, enablementKind);
  await startEnablement(
    { ...operations, enablements },
    { tenantId, request: requestOf(), createdBy: 'key-1' },
  );
  await createOperationStore(tables, exportKind).create({ ...inventedExport(), tenantId }, at);
  await createPostureStore(tables).save(tenantId, {
    ...{ takenAt: at.toISOString(), unifiedAuditLog: true, mailboxAuditingDisabled: false },
    ...{ mailboxes: { total: 0, asWanted: 0, wrong: [] }, bypasses: [], subscriptionsMissing: [] },
  });
  const mailbox = { id: randomUUID(), names: [`director@${tenantId}.example`], seen: '2026-03-10' };
  await createMailboxNameStore(tables).save(tenantId, [mailbox]);
  await createRoleHolderStore(tables).save(tenantId, { takenAt: at, holders: [] });
  for (const table of ['Searches', 'WebhookSubscriptions'] as const) {
    await tables.upsertAll(table, [{ partitionKey: tenantId, rowKey: 'one' }]);
  }
  const shared = await storeShared(tables, tenantId);
  await createConsentStore(tables).create(hashOf(randomUUID()), { tenantId, expiresAt: at });
  await createPoisonMessageStore(tables).put({
    ...{ id: randomUUID(), tenantId, queue: 'raw-blobs', state: 'waiting', ids: {}, at },
  });
  await storeSent(tables, tenantId);
  const delivered = await storeDeliveries(tables, tenantId);
  const found = await storeFound(tables, tenantId);
  const { key } = newApiKey({ name: 'Flow', tenants: tenantId, scopes: ['records.read'] }, at);
  await createApiKeyStore(tables).create(key);
  // One is the layout of a month. Operations have an entry in the agenda each, an enablement holds a lock, and mailboxes
  // are spread over 256 rows.
  return 13 + 2 + 256 + shared + delivered + found;
}

/** What was sent of it to a destination, which itself belongs to no tenant. */
async function storeSent(tables: Tables, tenantId: string): Promise<void> {
  const destinationId = randomUUID();
  await createDestinationStore(tables).create({
    ...{ destinationId, displayName: 'SIEM', kind: 'httpsNdjson', settings: {}, tenants: '*', filters: {} },
    ...{ paused: false, createdBy: 'key', createdDateTime: at, since: at },
  });
  const position = { sequence: at.getTime(), line: 0 };
  await createCursorStore(tables).create({ tenantId, destinationId, position, counts: nothingSent });
  const letter = { tenantId, destinationId, ...position, recordId: 'r', cause: 'No.', refusedDateTime: at };
  await createDeadLetterStore(tables).put([letter]);
}

/** In the partition of a channel. */
async function storeDeliveries(tables: Tables, tenantId: string): Promise<number> {
  const deliveries = createDeliveryStore(tables, () => at);
  const channelId = randomUUID();
  await createChannelStore(tables).create({
    ...{ channelId, displayName: 'On call', kind: 'slack', settings: {}, tenants: '*', topics: ['findings'] },
    ...{ minimumSeverity: 'low', floodLimit: 20, paused: false, recent: [], refusals: 0 },
    ...{ createdBy: 'key', createdDateTime: at },
  });
  const message = inventedMessage({ tenant: { tenantId, displayName: 'Fabrikam' } });
  await deliveries.put({ channelId, deliveryId: 'waiting', message, dueDateTime: at });
  await deliveries.record({
    ...{ channelId, deliveryId: 'sent', tenantId, title: 'x', severity: 'low', topic: 'findings' },
    ...{ result: 'sent', revision: 1, closed: false, messageId: 'x', together: 1, perhapsTwice: false },
    sentDateTime: at,
  });
  return 2;
}

/** What watches found in it: a finding has two rows. */
async function storeFound(tables: Tables, tenantId: string): Promise<number> {
  // A watch belongs to no tenant.
  await createWatchStore(tables).create(watchOf());
  // Neither does a schedule.
  await createScheduleStore(tables).create(scheduleOf());
  await createFindingStore(tables).create(findingOf({ tenantId }));
  const key = groupKeyOf(randomUUID(), 'rule', 'group');
  await createGroupStateStore(tables).create({ tenantId, key }, groupStateOf(1), at);
  return 3;
}

/** What belongs to all callers who may read this tenant, and no other. */
async function storeShared(tables: Tables, tenantId: string): Promise<number> {
  const owner = ownerOfSet(tenantId);
  for (const table of ['Searches', 'WebhookSubscriptions'] as const) {
    await tables.upsertAll(table, [{ partitionKey: owner, rowKey: 'one', tenants: tenantId }]);
  }
  await createOperation({ now: () => at }, createOperationStore(tables, rolloutKind), {
    ...{ tenantId: owner, createdBy: `entra:${tenantId}/user`, state: { members: [] } },
    request: { tenants: tenantId, enablement: requestOf() },
  });
  // The operation has an entry in the agenda.
  return 4;
}

/** What stays, and names no tenant. */
async function storeEvidence(tables: Tables, tenantId: string): Promise<void> {
  const call = { requestId: randomUUID(), caller: 'key', action: 'list-records', parameters: [] };
  await createAccessLog(tables).append({ ...call, at, tenantId, outcome: 'accepted' });
  const deleted = { blobs: 0, tables: 0, rows: 0 };
  const state = { deleted, attempts: 1, isStopped: true, lastEffectDateTime: at, retainedBlobs: 0 };
  await createOperation({ now: () => at }, createOperationStore(tables, removalKind), {
    ...{ tenantId, createdBy: 'key-1', request: { purge: false }, state },
  });
  const hold = { at, by: 'key-1', reason: 'The claim is settled.', lifts: at };
  await createLegalHoldStore(tables).append(tenantId, { ...hold, kind: 'lifted' });
  await createWebhookLog(tables).remember(`${tenantId} message`, randomUUID(), at);
  // A position of a query names no tenant; it is deleted when it expires.
  await createPageTokenStore(tables).keep(randomUUID(), 'position', at);
  await createIdempotencyStore(tables).hold(hashOf(tenantId), { fingerprint: 'first', at });
  const { key } = newApiKey({ name: 'Investigator', tenants: '*', scopes: ['records.read'] }, at);
  await createApiKeyStore(tables).create(key);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** One row or blob. */
export interface StoredThing {
  /** Table, or container. */
  readonly where: string;
  /** Keys, columns, metadata and content, uncompressed, with the version. */
  readonly text: string;
}

/** Every row of every table and every blob of every container. */
export async function readEverything(settings: StorageSettings): Promise<readonly StoredThing[]> {
  if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
  const { connectionString } = settings;
  const options = { allowInsecureConnection: true };
  const things: StoredThing[] = [];
  for await (const { name = '' } of TableServiceClient.fromConnectionString(
    connectionString,
    options,
  ).listTables()) {
    for await (const entity of TableClient.fromConnectionString(
      connectionString,
      name,
      options,
    ).listEntities())
      things.push({ where: name, text: JSON.stringify([name, entity], readable) });
  }
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  for await (const { name } of blobs.listContainers())
    things.push(...(await readBlobs(blobs.getContainerClient(name))));
  return things;
}

async function readBlobs(container: ContainerClient): Promise<readonly StoredThing[]> {
  const things: StoredThing[] = [];
  const found = container.listBlobsFlat({ includeMetadata: true, includeUncommitedBlobs: true });
  for await (const { name, metadata, properties } of found) {
    const body = await container.getBlobClient(name).downloadToBuffer();
    const content = (name.endsWith('.gz') ? gunzipSync(body) : body).toString('utf8');
    things.push({
      where: container.containerName,
      text: JSON.stringify([name, metadata, properties.etag, content]),
    });
  }
  return things;
}

function readable(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return typeof value === 'bigint' ? value.toString() : value;
}
