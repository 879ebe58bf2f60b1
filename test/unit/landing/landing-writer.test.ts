import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contentHashes, contentsDigest } from '../../../shared/evidence/contents-digest.ts';
import { createLandingWriter, stagedPartName } from '../../../shared/landing/landing-writer.ts';
import type { LandingLimits } from '../../../shared/landing/receive-content.ts';
import { createClock, secondMs } from '../../support/clock.ts';
import { contentNamed, recordTexts } from '../../support/content.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { createFaults, failNext, type Faults } from '../../support/faults.ts';
import { fabrikamId } from '../../support/tenants.ts';

const generous: LandingLimits = { maxBufferedBytes: 1e6, maxLandingBytes: 1e6, maxLandingContents: 500 };
const created = new Date('2026-03-10T11:00:00Z');

function createWorld(limits: LandingLimits = generous, faults: Faults = createFaults()) {
  const clock = createClock();
  const raw = createFakeRawStore();
  const queues = createFakeWorkQueues();
  const ledger = createFakeLedger();
  const landings = createFakeLandingStore();
  const writer = createLandingWriter({
    ...{ tenantId: fabrikamId, limits, now: clock.now },
    ...{ raw: faults.inject('raw', raw), queues: faults.inject('queues', queues) },
    ...{ ledger: faults.inject('ledger', ledger), landings: faults.inject('landings', landings) },
  });
  return { clock, raw, queues, ledger, landings, writer };
}

function receivedBlob(name: string, records: number, wasOpen = false) {
  const texts = recordTexts(name, records);
  const chunks = texts.map((text) => Buffer.from(`${text}\n`));
  const textBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const receipt = { records, bytes: textBytes, sha256: '00' };
  const received = { receipt, text: { kind: 'buffered', chunks } as const };
  return {
    content: contentNamed(name, created),
    attempts: 1,
    wasOpen,
    mayHaveGap: false,
    landedAt: created,
    received,
  };
}

function landedOf({ content, received }: ReturnType<typeof receivedBlob>) {
  return { content, receipt: received.receipt };
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('the order of a landing', () => {
  it('is raw blob, landing row, index message, ledger rows, open rows', async () => {
    const faults = createFaults();
    const { writer } = createWorld(generous, faults);
    await writer.add(receivedBlob('first', 2, true));
    await writer.flush();
    expect(faults.steps).toEqual([
      ...['raw.put', 'landings.open', 'queues.requestIndexing', 'ledger.settle', 'ledger.close'],
    ]);
  });

  it('is the same for a large content blob, which is committed first', async () => {
    const faults = createFaults();
    const { writer, raw, clock } = createWorld(generous, faults);
    const { content } = receivedBlob('large', 0);
    const parts = [1, 2].map((index) => ({ index, records: 1, textBytes: 9, textSha256: '00' }));
    for (const { index } of parts) {
      await raw.stage(stagedPartName(fabrikamId, content, clock.now(), index), gzipSync('{"Id":1}\n'));
    }
    const received = {
      receipt: { records: 2, bytes: 20, sha256: '00' },
      text: { kind: 'staged', parts },
    } as const;
    await writer.add({
      content,
      attempts: 1,
      wasOpen: true,
      mayHaveGap: false,
      landedAt: clock.now(),
      received,
    });
    expect(faults.steps).toEqual([
      ...['raw.commit', 'raw.commit', 'landings.open', 'landings.open'],
      ...['queues.requestIndexing', 'queues.requestIndexing', 'ledger.settle', 'ledger.close'],
    ]);
  });
});

describe('the pace of a landing', () => {
  it('follows the records that were sent to the indexer before it', async () => {
    const { writer, raw, queues, clock } = createWorld();
    const { content } = receivedBlob('large', 0);
    const parts = [1, 2, 3].map((index) => ({ index, records: 20_000, textBytes: 9, textSha256: '00' }));
    for (const { index } of parts)
      await raw.stage(stagedPartName(fabrikamId, content, clock.now(), index), gzipSync('{"Id":1}\n'));
    const received = {
      receipt: { records: 60_000, bytes: 20, sha256: '00' },
      text: { kind: 'staged', parts },
    } as const;
    const how = { attempts: 1, wasOpen: false, mayHaveGap: false, landedAt: clock.now() };
    await writer.add({ content, received, ...how });
    expect(queues.indexDelays).toEqual([0, 10 * secondMs, 20 * secondMs]);
  });
});

describe('gathering content into landings', () => {
  it('writes nothing before a landing is flushed or full', async () => {
    const { writer, raw } = createWorld();
    await writer.add(receivedBlob('first', 2));
    expect(raw.names()).toEqual([]);
    await writer.flush();
    expect(raw.names()).toHaveLength(1);
  });

  it('writes nothing at all when nothing was added', async () => {
    const faults = createFaults();
    await createWorld(generous, faults).writer.flush();
    expect(faults.steps).toEqual([]);
  });

  it('starts a new landing after the maximum of content blobs', async () => {
    const { writer, landings } = createWorld({ ...generous, maxLandingContents: 2 });
    for (let at = 0; at < 5; at++) await writer.add(receivedBlob(`blob-${at}`, 1));
    await writer.flush();
    expect(landings.all(fabrikamId).map(({ contentBlobs }) => contentBlobs)).toHaveLength(3);
    const counts = landings.all(fabrikamId).map(({ contentBlobs }) => contentBlobs);
    expect(counts.sort()).toEqual([1, 2, 2]);
  });

  it('starts a new landing after the maximum of text', async () => {
    const { writer, landings } = createWorld({ ...generous, maxLandingBytes: 500 });
    for (let at = 0; at < 6; at++) await writer.add(receivedBlob(`blob-${at}`, 4));
    await writer.flush();
    const all = landings.all(fabrikamId);
    expect(all.length).toBeGreaterThan(1);
    expect(all.reduce((sum, { records }) => sum + records, 0)).toBe(24);
  });

  it('keeps the metadata of a raw blob small enough for its headers', async () => {
    const { writer, raw } = createWorld();
    for (let at = 0; at < 1000; at++) await writer.add(receivedBlob(`blob-${at}`, 1));
    await writer.flush();
    for (const name of raw.names()) {
      const { metadata = {} } = (await raw.read(name)) ?? {};
      expect(JSON.stringify(metadata).length).toBeLessThan(8000);
    }
    expect(raw.names().flatMap((name) => raw.lines(name) ?? [])).toHaveLength(1000);
  });

  it('keeps the records of content blobs added at the same time apart and whole', async () => {
    const { writer, raw } = createWorld();
    const names = Array.from({ length: 20 }, (_, at) => `blob-${at}`);
    await Promise.all(names.map((name) => writer.add(receivedBlob(name, 5))));
    await writer.flush();
    const lines = raw.names().flatMap((name) => raw.lines(name) ?? []);
    expect(lines).toEqual(names.flatMap((name) => recordTexts(name, 5)));
  });

  it('describes the raw blob: its records, content blobs, bytes and where they came from', async () => {
    const { writer, raw, clock } = createWorld();
    await writer.add(receivedBlob('first', 2));
    await writer.add(receivedBlob('second', 3));
    await writer.flush();
    const blob = await raw.read(raw.names()[0] ?? '');
    const seconds = Math.floor(created.getTime() / 1000).toString(36);
    const lines = [...recordTexts('first', 2), ...recordTexts('second', 3)];
    expect(blob?.metadata).toEqual({
      runs: `E2.${seconds},E3.${seconds}`,
      records: '5',
      contentblobs: '2',
      textbytes: String(lines.join('\n').length + 1),
      landedat: clock.now().toISOString(),
      textsha256: sha256Of(`${lines.join('\n')}\n`),
      contentssha256: contentsDigest(
        contentHashes([receivedBlob('first', 2), receivedBlob('second', 3)].map(landedOf)),
      ),
    });
  });

  it('records in the row what the raw blob says of its text and contents, and the hash of each content blob', async () => {
    const { writer, raw, landings } = createWorld();
    await writer.add(receivedBlob('first', 2));
    await writer.add(receivedBlob('second', 3));
    await writer.add({ ...receivedBlob('damaged', 1), isPartial: true });
    await writer.flush();
    const [landing] = landings.all(fabrikamId);
    const { metadata = {} } = (await raw.read(landing?.blobName ?? '')) ?? {};
    const { textsha256: textSha256, contentssha256: contentsSha256 } = metadata;
    expect(landing).toMatchObject({ textSha256, contentsSha256, hashedAt: 'landing' });
    const hashes = contentHashes([receivedBlob('first', 2), receivedBlob('second', 3)].map(landedOf));
    expect(await landings.contentHashes(fabrikamId, landing?.landingId ?? '')).toEqual(hashes);
    expect(contentsSha256).toBe(contentsDigest(hashes));
  });
});

describe('storage that fails', () => {
  const failure = new Error('Storage is away.');

  it.each(['raw.put', 'queues.requestIndexing', 'landings.open', 'ledger.settle', 'ledger.close'])(
    'in %s makes flush throw',
    async (step) => {
      const { writer } = createWorld(generous, failNext(step, failure));
      await writer.add(receivedBlob('first', 2, true));
      await expect(writer.flush()).rejects.toBe(failure);
    },
  );

  it('while an earlier landing is being written makes a later call throw', async () => {
    const world = createWorld({ ...generous, maxLandingContents: 1 }, failNext('raw.put', failure));
    await world.writer.add(receivedBlob('first', 1));
    const rest = world.writer.add(receivedBlob('second', 1)).then(() => world.writer.flush());
    await expect(rest).rejects.toBe(failure);
    expect(world.ledger.allSettled(fabrikamId).map(({ content }) => content.contentId)).not.toContain(
      contentNamed('first', created).contentId,
    );
  });
});
