/** A landing whose raw blob is not what landed is not indexed. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LandingAlteredError } from '../../../shared/index/checked-blob.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import type { Landing } from '../../../shared/landing/landing.ts';
import type { RawStore } from '../../../shared/landing/raw-store.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFaults } from '../../support/faults.ts';
import { fabrikamId } from '../../support/tenants.ts';

const landingId = '20260310T110000000-0a1b2c3d';
const blobName = `tenant=${fabrikamId}/date=2026-03-10/${landingId}.ndjson.gz`;
const request = { version: 1 as const, tenantId: fabrikamId, landingId, blobName };
const landedAt = new Date('2026-03-10T11:00:00Z');
const text = '{"Id":"00000000-0000-4000-8000-000000000001","CreationTime":"2026-03-10T10:00:00"}\n';
const altered = text.replace('10:00', '10:01');
const [textSha256, contentsSha256] = [sha256Of(text), 'cd'.repeat(32)];
const landed = { textsha256: textSha256, contentssha256: contentsSha256 };

function sha256Of(of: string | Buffer): string {
  return createHash('sha256').update(of).digest('hex');
}

interface Stored {
  readonly text: string | Buffer;
  readonly metadata: Readonly<Record<string, string>>;
  /** Absent: the landing has no row. */
  readonly row?: Pick<Landing, 'textSha256' | 'contentsSha256' | 'hashedAt'>;
}

async function createWorld({ text: stored, metadata, row }: Stored) {
  const [raw, landings, index] = [createFakeRawStore(), createFakeLandingStore(), createFakeRecordIndex()];
  await raw.put(blobName, gzipSync(stored), { landedat: landedAt.toISOString(), ...metadata });
  const landing = {
    landingId,
    blobName,
    landedAt,
    contentBlobs: 1,
    records: 1,
    bytes: 1,
    oldestContent: landedAt,
  };
  if (row !== undefined) await landings.open(fabrikamId, { ...landing, ...row });
  const { telemetry } = createRecordingTelemetry();
  const handle = (from: RawStore = raw) =>
    indexLanding({ raw: from, landings, index, telemetry, concurrency: 2 }, request);
  return { raw, landings, index, handle };
}

const row = { textSha256, contentsSha256, hashedAt: 'landing' } as const;

describe('indexing', () => {
  it('links what landed, with the hashes of its landing', async () => {
    const { handle, landings } = await createWorld({ text, metadata: landed, row });
    expect((await handle()).indexed).toBe(1);
    expect(await landings.links(fabrikamId, 1, 10)).toMatchObject([{ landingId, ...row }]);
  });

  it.each<[string, Stored]>([
    ['has another text', { text: altered, metadata: landed, row }],
    ['has another text, and no row', { text: altered, metadata: landed }],
    [
      'has another text and its hash',
      { text: altered, metadata: { ...landed, textsha256: sha256Of(altered) }, row },
    ],
    ['has another text and no hash', { text: altered, metadata: {}, row }],
    [
      'claims to contain something else',
      { text, metadata: { ...landed, contentssha256: 'ee'.repeat(32) }, row },
    ],
    ['lacks its last line', { text: '', metadata: landed, row }],
  ])(
    'refuses a raw blob that %s, with the cause, before anything of it is in the index',
    async (_, stored) => {
      const { handle, landings, index } = await createWorld(stored);
      await expect(handle()).rejects.toThrow(LandingAlteredError);
      await expect(handle()).rejects.toThrow(/was altered\. Nothing of it was indexed/);
      expect(await index.months(fabrikamId)).toEqual([]);
      expect(await landings.links(fabrikamId, 1, 10)).toEqual([]);
    },
  );

  it('hashes the text of a landing of an earlier release, and says that it did so now', async () => {
    const { handle, landings } = await createWorld({ text, metadata: {}, row: {} });
    await handle();
    expect(await landings.links(fabrikamId, 1, 10)).toMatchObject([{ textSha256, hashedAt: 'indexing' }]);
    await handle();
    expect(await landings.recorded(fabrikamId, landingId)).toMatchObject({
      textSha256,
      hashedAt: 'indexing',
    });
  });

  it('compares the text with that hash when it is indexed again', async () => {
    const { handle, raw } = await createWorld({ text, metadata: {}, row: {} });
    await handle();
    const changed = createFakeRawStore();
    await changed.put(blobName, gzipSync(altered), { landedat: landedAt.toISOString() });
    await expect(handle(changed)).rejects.toThrow(LandingAlteredError);
    expect((await handle(raw)).indexed).toBe(1);
  });

  it('reads a raw blob once, and only a large one twice', async () => {
    const incompressible = (bytes: number) => {
      const blocks = Array.from({ length: bytes / 32 }, (_, at) =>
        createHash('sha256').update(String(at)).digest(),
      );
      return Buffer.from(`${Buffer.concat(blocks).toString('base64')}\n`);
    };
    for (const [bytes, reads] of [
      [1024, 1],
      [12 * 1024 * 1024, 2],
    ] as const) {
      const { handle, raw } = await createWorld({ text: incompressible(bytes), metadata: {} });
      const faults = createFaults();
      expect((await handle(faults.inject('raw', raw))).indexed).toBe(1);
      expect(faults.steps).toEqual(Array.from({ length: reads }, () => 'raw.read'));
    }
  });
});
