/** `npm run reindex` on raw blobs of the storage emulator, with the indexer's own function at the queue's end. */
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readFeed } from '../../../shared/feed/read-feed.ts';
import { feedEnd } from '../../../shared/feed/landing-sequence.ts';
import { indexTableName, tablePrefix } from '../../../shared/index/keys.ts';
import { indexRequestSchema } from '../../../shared/landing/work-queues.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import type { StoredEntity } from '../../../shared/adapters/tables/tables.ts';
import { notifySubscriptions } from '../../../shared/webhooks/notify-subscriptions.ts';
import { runAuditkeep, type Ran } from '../../support/auditkeep.ts';
import { createWebhookWorld, received } from '../../support/webhook-world.ts';
import { contentOf, oddFeed, recordOf } from '../pipeline/invented-records.ts';
import { startPipeline, type Pipeline } from '../pipeline/pipeline.ts';
import { indexRequested } from './index-requested.ts';
import { createQueues, decoded, type Queues } from './operating.ts';

let pipeline: Pipeline;
let queues: Queues;
let tenantId: string;

beforeAll(async () => {
  pipeline = await startPipeline();
  queues = createQueues(pipeline.connectionString);
});

afterAll(() => pipeline.stop());

beforeEach(async () => {
  tenantId = await pipeline.addTenant('Restored');
  await queues.clear('raw-blobs');
});

const reindex = (...args: readonly string[]): Promise<Ran> =>
  runAuditkeep(['reindex', ...args], { env: { AzureWebJobsStorage: pipeline.connectionString } });

/** Three days; the month of most records begins before the first of them. */
async function landThreeDays(): Promise<void> {
  for (const [at, content] of oddFeed().entries()) {
    await pipeline.deliver(tenantId, [content], new Date(`2026-03-0${at + 2}T10:00:00Z`));
  }
}

async function rowsOf(name: Parameters<Pipeline['tables']['all']>[0]): Promise<readonly string[]> {
  const entities = await pipeline.tables.all(name, { filter: '' });
  return entities
    .filter(({ partitionKey }) => name !== 'Landings' || partitionKey === tenantId)
    .map(printable);
}

function printable(entity: StoredEntity): string {
  const columns = Object.entries(entity).filter(([column]) => column !== 'etag' && column !== 'timestamp');
  const plain = columns.map(([column, value]) => [
    column,
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value),
  ]);
  return JSON.stringify(plain.sort());
}

/** All rows of all index tables. */
async function indexRows(): Promise<Readonly<Record<string, readonly string[]>>> {
  const prefix = tablePrefix(tenantId);
  const names = await pipeline.tables.names(prefix, `${prefix}zzzz`);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await rowsOf(name)] as const)),
  );
}

describe('reindex', () => {
  it('restores a dropped month row for row, and keeps all other rows unchanged', async () => {
    await landThreeDays();
    const before = await indexRows();
    const month = indexTableName(tenantId, '202603');
    expect(before[month]?.length).toBeGreaterThan(50);
    await pipeline.tables.drop(month);
    expect(await indexRows()).not.toHaveProperty(month);
    const ran = await reindex(tenantId, '--from', '2026-03-01', '--to', '2026-03-15');
    expect(ran).toMatchObject({ exitCode: 0, errors: '2026-03-02: 1\n2026-03-03: 1\n2026-03-04: 1\n' });
    expect(ran.output).toContain(`Requested indexing of 3 landings of tenant ${tenantId}.`);
    expect(await indexRequested(pipeline, queues)).toBe(3);
    expect(await indexRows()).toEqual(before);
  });

  it('keeps the numbers of landings, so that feeds return nothing twice', async () => {
    await landThreeDays();
    const landings = await rowsOf('Landings');
    const position = await feedEnd(pipeline.landings, tenantId);
    const numbers = (await pipeline.landings.sequenced(tenantId, 1, 10)).map(({ sequence }) => sequence);
    expect(numbers).toHaveLength(3);
    expect(position.sequence).toBe(Number(numbers.at(-1)) + 1);
    await pipeline.tables.drop(indexTableName(tenantId, '202603'));
    await reindex(tenantId);
    let notified = 0;
    await indexRequested(pipeline, queues, () => {
      notified++;
      return Promise.resolve();
    });
    expect(notified).toBe(3);
    expect(await rowsOf('Landings')).toEqual(landings);
    const read = await readFeed(pipeline, { tenantId, filters: {}, position, limit: 100 });
    expect(read).toEqual({ records: [], position, more: false });
  });

  it('numbers a raw blob that was never indexed, and nothing else', async () => {
    await landThreeDays();
    const records = [recordOf('orphaned')];
    await pipeline.land(
      tenantId,
      [contentOf('orphan', '2026-03-05T09:00:00Z', records)],
      new Date('2026-03-05'),
    );
    const position = await feedEnd(pipeline.landings, tenantId);
    await reindex(tenantId);
    expect(await indexRequested(pipeline, queues)).toBe(4);
    const read = await readFeed(pipeline, { tenantId, filters: {}, position, limit: 100 });
    expect(read.records.map(({ id }) => id)).toEqual(records.map(({ Id }) => Id));
  });

  it('requests landings of a half-open range of days, of this tenant only, each in a valid message', async () => {
    const other = await pipeline.addTenant('Other');
    for (const [tenant, day] of [
      ...['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03'].map((each) => [tenantId, each] as const),
      [other, '2026-03-02'] as const,
    ]) {
      const content = contentOf(day, `${day}T09:00:00Z`, [recordOf(day)]);
      await pipeline.land(tenant, [content], new Date(`${day}T23:59:59.999Z`));
    }
    const daysOf = async (...args: readonly string[]) => {
      await reindex(tenantId, ...args);
      const messages = (await queues.drain('raw-blobs')).map((each) =>
        indexRequestSchema.parse(decoded(each)),
      );
      expect(messages.map((each) => each.tenantId)).toEqual(messages.map(() => tenantId));
      for (const { blobName, landingId } of messages) {
        expect(await pipeline.raw.read(blobName)).toBeDefined();
        expect(blobName).toContain(`/${landingId}.ndjson.gz`);
      }
      return messages.map(({ blobName }) => blobName.split('/')[1]?.slice('date=2026-'.length)).sort();
    };
    expect(await daysOf('--from', '2026-03-01', '--to', '2026-03-03')).toEqual(['03-01', '03-02']);
    expect(await daysOf('--from', '2026-03-02')).toEqual(['03-02', '03-03']);
    expect(await daysOf('--to', '2026-03-01')).toEqual(['02-28']);
    expect(await daysOf()).toEqual(['02-28', '03-01', '03-02', '03-03']);
  });

  it('with --dry-run shows how many landings each day has, and sends nothing', async () => {
    await landThreeDays();
    const ran = await reindex(tenantId.toUpperCase(), '--dry-run', '--json');
    expect(ran).toMatchObject({ exitCode: 0, errors: '' });
    const days = { '2026-03-02': 1, '2026-03-03': 1, '2026-03-04': 1 };
    expect(JSON.parse(ran.output)).toEqual({ tenantId, dryRun: true, landings: 3, days });
    const { output } = await reindex(tenantId, '--dry-run');
    expect(output).toMatch(
      /^2026-03-02: 1\n2026-03-03: 1\n2026-03-04: 1\nWould request indexing of 3 landings/,
    );
    expect(await queues.count('raw-blobs')).toBe(0);
  });

  it('ignores blobs that are not landings', async () => {
    await landThreeDays();
    const raw = BlobServiceClient.fromConnectionString(pipeline.connectionString).getContainerClient('raw');
    await raw.getBlockBlobClient(`tenant=${tenantId}/date=2026-03-02/notes.txt`).upload('', 0);
    await raw.getBlockBlobClient(`tenant=${tenantId}/date=2026-03-03/x.ndjson.gz`).stageBlock('eA==', 'x', 1);
    expect((await reindex(tenantId)).output).toContain('Requested indexing of 3 landings');
  });

  it('says so if there is nothing to index', async () => {
    const ran = await reindex(tenantId);
    expect(ran).toMatchObject({ exitCode: 1, errors: '' });
    expect(ran.output).toContain(`Tenant ${tenantId} has no raw blob in this range`);
  });

  it('takes the domain that the tenant was registered by, and no other', async () => {
    await createTenantStore(pipeline.tables).update(tenantId, { domain: 'restored.example' });
    const known = await reindex('restored.example');
    expect(known.output).toContain(`Tenant ${tenantId} has no raw blob in this range`);
    const unknown = await reindex('unknown.example');
    expect(unknown).toMatchObject({ exitCode: 1, output: '' });
    expect(unknown.errors).toContain('No tenant has the domain unknown.example');
  });

  it.each([
    [[], "Missing required argument 'tenant'"],
    [['contoso'], "'contoso' is invalid for argument 'tenant'. Must be the ID or the domain of a tenant."],
    [['ID', 'b'], "Too many arguments for 'reindex'"],
    [['ID', '--from', '2026-02-30'], "'2026-02-30' is invalid. Must be a day such as 2026-03-01."],
    [['ID', '--to', '2026-03'], "'2026-03' is invalid. Must be a day such as 2026-03-01."],
    [['ID', '--from', '2026-03-02', '--to', '2026-03-02'], '--to must be after --from'],
    [['ID', '--until', '2026-03-02'], "Unknown option '--until'"],
  ])('refuses invalid usage with one line: %j', async (args, reason) => {
    const { exitCode, output, errors } = await reindex(...args.map((arg) => (arg === 'ID' ? tenantId : arg)));
    expect([exitCode, output]).toEqual([2, '']);
    expect(errors).toContain(reason);
    expect(errors).toMatch(/^[^\n]* \(see --help\)\n$/);
    expect(await queues.count('raw-blobs')).toBe(0);
  });
});

describe('webhook subscriptions', () => {
  it('are notified of a landing that is indexed again, and receive nothing', async () => {
    const { deps, drain, indexOne, ingest, sent, subscribe, tenantId: tenant } = await createWebhookWorld();
    await subscribe();
    const request = await ingest([{ id: 'one' }]);
    await notifySubscriptions(deps, tenant);
    await drain();
    expect(sent.map(received)).toHaveLength(1);
    await indexOne(request);
    await notifySubscriptions(deps, tenant);
    await drain();
    expect(sent).toHaveLength(1);
  });
});
