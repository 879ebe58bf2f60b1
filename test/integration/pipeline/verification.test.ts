/** Whatever is removed or altered in storage is named by `auditkeep verify`; `reindex` restores what is only in the index. */
import { BlobServiceClient } from '@azure/storage-blob';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { claimTableName, indexTableName } from '../../../shared/index/keys.ts';
import type { StoredEntity, Tables } from '../../../shared/adapters/tables/tables.ts';
import { runAuditkeep } from '../../support/auditkeep.ts';
import { indexRequested } from '../operations/index-requested.ts';
import { createQueues, type Queues } from '../operations/operating.ts';
import { guidOf, oddFeed } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';

let pipeline: Pipeline;
let queues: Queues;
let tenantId: string;

beforeAll(async () => {
  pipeline = await startPipeline();
  queues = createQueues(pipeline.connectionString);
});

afterAll(() => pipeline.stop());

beforeEach(async () => {
  tenantId = await pipeline.addTenant('Verified');
  for (const [at, content] of oddFeed().entries())
    await pipeline.deliver(tenantId, [content], new Date(`2026-03-0${at + 2}T10:00:00Z`));
});

const env = () => ({ AzureWebJobsStorage: pipeline.connectionString });
const answerSchema = z.object({
  landings: z.number(),
  links: z.number(),
  records: z.number(),
  indexRows: z.number(),
  differenceKinds: z.array(z.object({ kind: z.string(), count: z.number() })),
  differences: z.array(
    z.object({ kind: z.string(), landingId: z.string().optional(), recordId: z.string().optional() }),
  ),
});

async function verified() {
  const ran = await runAuditkeep(['verify', tenantId, '--json'], { env: env() });
  const answer = answerSchema.parse(JSON.parse(ran.output));
  const kinds = answer.differenceKinds.map(({ kind }) => kind);
  expect(ran.exitCode).toBe(kinds.length > 0 ? 1 : 0);
  return { ...answer, kinds };
}

async function reindex(): Promise<void> {
  await queues.clear('raw-blobs');
  await runAuditkeep(['reindex', tenantId], { env: env() });
  await indexRequested(pipeline, queues);
}

type Table = Parameters<Tables['all']>[0];

/** The first entity that fits. */
async function entityIn(table: Table, fits: (entity: StoredEntity) => boolean): Promise<StoredEntity> {
  const found = (await pipeline.tables.all(table, { filter: '' })).find(fits);
  if (found === undefined) throw new Error(`${table} has no such entity.`);
  return found;
}

async function merge(table: Table, { partitionKey, rowKey }: StoredEntity, columns: object): Promise<void> {
  await pipeline.tables.write(table, (client) =>
    client.updateEntity({ partitionKey, rowKey, ...columns }, 'Merge'),
  );
}

const raw = () => BlobServiceClient.fromConnectionString(pipeline.connectionString).getContainerClient('raw');

async function blobs() {
  const names: string[] = [];
  for await (const { name } of raw().listBlobsFlat({ prefix: `tenant=${tenantId}/` })) names.push(name);
  return names.sort().map((name) => raw().getBlockBlobClient(name));
}

/** Rewrites the second raw blob, with its metadata as it was. */
async function rewrite(change: (body: Buffer, other: Buffer) => Buffer): Promise<void> {
  const [other, blob] = await blobs();
  if (blob === undefined || other === undefined) throw new Error('There are three.');
  const { metadata = {} } = await blob.getProperties();
  const body = change(await blob.downloadToBuffer(), await other.downloadToBuffer());
  await blob.uploadData(body, { metadata });
}

const flipped = (body: Buffer, at: number) =>
  Buffer.from(body.map((byte, index) => (index === at ? byte ^ 1 : byte)));

describe('an untouched tenant', () => {
  it('agrees, and the command says so', async () => {
    const { kinds, landings, links, records, indexRows } = await verified();
    expect([kinds, landings, links]).toEqual([[], 3, 3]);
    expect(records).toBeGreaterThan(20);
    expect(indexRows).toBeGreaterThan(100);
    const { output } = await runAuditkeep(['verify', tenantId], { env: env() });
    expect(output).toMatch(/^Compared 3 of 3 landings of tenant .* Nothing differs\.\n$/);
  });
});

describe('a raw blob', () => {
  it('that was deleted is named', async () => {
    await (await blobs())[1]?.delete();
    expect((await verified()).kinds).toEqual(['rawBlobMissing']);
  });

  it.each<[string, (body: Buffer, other: Buffer) => Buffer, string]>([
    ['truncated', (body) => body.subarray(0, body.length - 20), 'rawBlobTruncated'],
    ['emptied', () => Buffer.alloc(0), 'rawBlobTruncated'],
    ['altered in a byte of its file', (body) => flipped(body, body.length >> 1), 'rawBlobDamaged'],
    ['altered in its checksum', (body) => flipped(body, body.length - 5), 'rawBlobDamaged'],
    ['exchanged for another', (_body, other) => other, 'textHashDiffers'],
  ])('that was %s is named', async (_how, change, kind) => {
    await rewrite(change);
    expect((await verified()).kinds).toContain(kind);
  });

  it('of which a letter was exchanged is named with the record, and reindex refuses it', async () => {
    await rewrite((body) =>
      gzipSync(Buffer.from(gunzipSync(body).toString('latin1').replace('/mailbox"', '/mailboy"'), 'latin1')),
    );
    const { kinds, differences } = await verified();
    expect(kinds).toEqual(['textHashDiffers', 'recordDiffers']);
    expect(differences.map(({ recordId }) => recordId)).toContain(guidOf('mailbox'));
    await expect(reindex()).rejects.toThrow(/altered|differ|not what landed/i);
    expect((await verified()).kinds).toEqual(kinds);
  });
});

describe('the ledger', () => {
  it.each([
    ['its count', { records: 99 }],
    ['the hash of the body', { sha256: 'ab'.repeat(32) }],
  ])('of which %s was altered is named', async (_what, columns) => {
    const row = await entityIn('Ledger', ({ partitionKey }) => partitionKey.startsWith(tenantId));
    await merge('Ledger', row, columns);
    expect((await verified()).kinds).toEqual(['ledgerRowDiffers']);
  });

  it('that names a landing which does not exist is named', async () => {
    const row = await entityIn('Ledger', ({ partitionKey }) => partitionKey.startsWith(tenantId));
    await merge('Ledger', row, { landingId: '20260302T100000000-0123456789abcdef' });
    expect((await verified()).kinds).toEqual(['landingMissing', 'ledgerRowMissing']);
  });
});

describe('the chain', () => {
  it('from which a landing was removed is named', async () => {
    const link = await entityIn(
      'Landings',
      ({ partitionKey, rowKey }) =>
        partitionKey === tenantId && rowKey.startsWith('chain_') && rowKey.endsWith('2'),
    );
    await pipeline.tables.remove('Landings', tenantId, link.rowKey);
    expect((await verified()).kinds).toEqual(['linkMissing']);
  });

  it('names a landing of which everything else was removed', async () => {
    const [, blob] = await blobs();
    const landingId = blob?.name.split('/').at(-1)?.replace('.ndjson.gz', '') ?? '';
    await blob?.delete();
    await pipeline.tables.remove('Landings', tenantId, landingId);
    const { kinds, differences } = await verified();
    expect(kinds).toContain('landingRowMissing');
    expect(differences.map((one) => one.landingId)).toContain(landingId);
  });
});

describe('the index', () => {
  const march = () => indexTableName(tenantId, '202603');
  const rowOf = (dimension: string) =>
    entityIn(
      march(),
      ({ partitionKey, rowKey }) => partitionKey === dimension && rowKey.endsWith(guidOf('plain 1')),
    );

  it('of which a row was deleted is named, and agrees after reindex', async () => {
    const { partitionKey, rowKey } = await rowOf('user');
    await pipeline.tables.remove(march(), partitionKey, rowKey);
    const { kinds, differences } = await verified();
    expect(kinds).toEqual(['rowMissing']);
    expect(differences).toMatchObject([{ kind: 'rowMissing', recordId: guidOf('plain 1') }]);
    await reindex();
    expect((await verified()).kinds).toEqual([]);
  });

  it.each([
    ['a column to filter by', 'time', { o: 5n }],
    ['its summary', 'user', { d: Buffer.from([1, 2, 3]) }],
    ['its text', 'time', { x: Buffer.from([1, 2, 3]) }],
  ])('of which %s was altered is named, and agrees after reindex', async (_what, dimension, columns) => {
    await merge(march(), await rowOf(dimension), columns);
    expect((await verified()).kinds).toContain('rowDiffers');
    await reindex();
    expect((await verified()).kinds).toEqual([]);
  });

  it('of which a claim was deleted is named, and agrees after reindex', async () => {
    await pipeline.tables.remove(claimTableName(tenantId), 'id', guidOf('plain 1'));
    expect((await verified()).kinds).toContain('claimMissing');
    await reindex();
    expect((await verified()).kinds).toEqual([]);
  });

  it('of which a month was dropped is named, and agrees after reindex', async () => {
    await pipeline.tables.drop(march());
    const { differenceKinds, differences } = await verified();
    expect(differenceKinds[0]?.count).toBeGreaterThan(50);
    expect(differences.length).toBeLessThanOrEqual(60);
    await reindex();
    expect((await verified()).kinds).toEqual([]);
  });
});

describe('usage', () => {
  it.each([
    [['--from', '2026-03-02', '--to', '2026-03-02'], '--to must be after --from'],
    [['--full', '--sample', '5'], '--full and --sample exclude each other'],
    [['--sample', '0'], 'Must be a whole number from 1 to 100000.'],
  ])('%j is refused with one line', async (args, reason) => {
    const { exitCode, errors } = await runAuditkeep(['verify', tenantId, ...args], { env: env() });
    expect([exitCode, errors]).toEqual([2, expect.stringContaining(reason)]);
  });

  it('of a range without landings says so', async () => {
    const ran = await runAuditkeep(['verify', tenantId, '--to', '2026-01-01'], { env: env() });
    expect(ran.exitCode).toBe(1);
    expect(ran.output).toContain('no landing in this range');
  });
});
