import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import type { OpenContent } from '../../../shared/landing/ledger.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { bodyOf, chunksOf, contentNamed, recordTexts } from '../../support/content.ts';
import { createPollWorld, type PollWorld } from '../../support/poll-world.ts';

const busy = new UpstreamError('retry', 'AF50000', 'It failed.');

function openOf({ ledger, tenant }: PollWorld): Promise<readonly OpenContent[]> {
  return ledger.open(tenant.tenantId);
}

function statesOf({ ledger, tenant }: PollWorld): Record<string, string> {
  return Object.fromEntries(
    ledger.allSettled(tenant.tenantId).map((row) => [row.content.contentId, row.state]),
  );
}

describe('content whose body is not an array of objects', () => {
  it('is kept as received and fetched again after 15 minutes, then daily', async () => {
    const world = createPollWorld();
    const created = new Date(world.clock.now().getTime() - hourMs);
    world.feed.publish(contentNamed('page', created), { chunks: [Buffer.from('<html>Please wait</html>')] });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      await world.poll();
      const [open] = await openOf(world);
      expect(open).toMatchObject({ state: 'rejected', attempts: attempt + 1 });
      waits.push((open?.nextAttemptAt.getTime() ?? 0) - world.clock.now().getTime());
      world.clock.set(open?.nextAttemptAt ?? world.clock.now());
    }
    expect(waits).toEqual([15 * minuteMs, 15 * minuteMs, dayMs, dayMs]);
    expect([...world.raw.rejected.values()].map(String)).toEqual(['<html>Please wait</html>']);
    expect(world.telemetry.of('landing.content.rejected')).toHaveLength(4);
  });

  it('lands when a later response is sound', async () => {
    const world = createPollWorld();
    const content = contentNamed('cut', new Date(world.clock.now().getTime() - hourMs));
    let chunks: readonly Buffer[] = [Buffer.from('[{"Id":"cut-0"},{"I')];
    world.feed.publish(content, {
      get chunks() {
        return chunks;
      },
    });
    await world.poll();
    chunks = bodyOf(recordTexts('cut', 2));
    world.clock.advance(hourMs);
    await world.poll();
    expect(statesOf(world)).toEqual({ [content.contentId]: 'landed' });
    expect(world.requestedLines()).toEqual(recordTexts('cut', 2));
    expect(await openOf(world)).toEqual([]);
  });

  it('ends as a gap, with the body still kept', async () => {
    const world = createPollWorld();
    const content = contentNamed('page', new Date(world.clock.now().getTime() - hourMs));
    world.feed.publish(content, { chunks: [Buffer.from('{}')] });
    for (let day = 0; day < 10; day++) {
      await world.poll();
      world.clock.advance(dayMs);
    }
    expect(await world.ledger.gaps(world.tenant.tenantId)).toMatchObject([
      { contentId: content.contentId, reason: 'contentRejected' },
    ]);
    expect(statesOf(world)).toEqual({ [content.contentId]: 'rejected' });
    expect(world.raw.rejected.size).toBe(1);
  });

  it('does not stop the poll when it is too large to hold and cannot be fetched again', async () => {
    const world = createPollWorld();
    const content = contentNamed('large', new Date(world.clock.now().getTime() - hourMs));
    const sound = world.publish('sound', { ago: 30 * minuteMs });
    world.feed.publish(content, { chunks: Array.from({ length: 20 }, () => Buffer.alloc(100_000, 'x')) });
    world.feed.beforeFetch((contentId) => {
      const times = world.feed.fetched.filter((fetched) => fetched === contentId).length;
      if (times > 1) throw busy;
    });
    expect(await world.poll()).toMatchObject({ contentBlobs: 1, deferred: 1 });
    expect(statesOf(world)).toEqual({ [sound.contentId]: 'landed' });
  });
});

/** Polls until the last attempt, a day at a time. */
async function pollToItsEnd(world: PollWorld): Promise<void> {
  for (let day = 0; day < 10; day++) {
    await world.poll();
    world.clock.advance(dayMs);
  }
}

describe('content of whose body a part is not a record', () => {
  const texts = recordTexts('part', 3);
  const damaged = Buffer.from(`[${texts[0]},null,${texts[1]},${texts[2]},]`);

  function publishPart(world: PollWorld, chunks: () => readonly Buffer[] = () => [damaged]) {
    const content = contentNamed('part', new Date(world.clock.now().getTime() - hourMs));
    world.feed.publish(content, {
      get chunks() {
        return chunks();
      },
    });
    return content;
  }

  it('lands its whole records at once, once, and stays open with what it lacks', async () => {
    const world = createPollWorld();
    publishPart(world);
    const { records, contentBlobs } = await world.poll();
    expect({ records, contentBlobs }).toEqual({ records: 3, contentBlobs: 0 });
    expect(world.requestedLines()).toEqual(texts);
    const faultAt = `[${texts[0]},`.length;
    const receipt = { records: 3, bytes: damaged.length, faults: 2, faultAt };
    expect(await openOf(world)).toMatchObject([{ state: 'rejected', receipt }]);
    expect([...world.raw.rejected.values()]).toEqual([damaged]);
    world.clock.advance(hourMs);
    expect(await world.poll()).toMatchObject({ records: 0, deferred: 1 });
    expect(world.requestedLines()).toEqual(texts);
    expect(await openOf(world)).toMatchObject([{ attempts: 2, receipt }]);
  });

  it('counts as a content blob when it is whole, not before', async () => {
    const world = createPollWorld();
    let chunks: readonly Buffer[] = [damaged];
    const content = publishPart(world, () => chunks);
    await world.poll();
    const blobs = () => world.landings.all(world.tenant.tenantId).map(({ contentBlobs }) => contentBlobs);
    expect(blobs()).toEqual([0]);
    expect(statesOf(world)).toEqual({});
    chunks = bodyOf(texts);
    world.clock.advance(hourMs);
    await world.poll();
    expect(blobs()).toEqual([0, 1]);
    expect(statesOf(world)).toEqual({ [content.contentId]: 'landed' });
    expect(await openOf(world)).toEqual([]);
  });

  it('also lands the records of another damaged body', async () => {
    const world = createPollWorld();
    let chunks: readonly Buffer[] = [Buffer.from(`[${texts[0]},{"Id":`)];
    publishPart(world, () => chunks);
    await world.poll();
    expect(world.requestedLines()).toEqual(texts.slice(0, 1));
    chunks = [damaged];
    world.clock.advance(hourMs);
    await world.poll();
    expect(world.requestedLines()).toEqual([...texts.slice(0, 1), ...texts]);
    expect(await openOf(world)).toMatchObject([{ receipt: { records: 3, faults: 2 } }]);
    expect(world.raw.rejected.size).toBe(2);
  });

  it('ends as a gap that says how much landed', async () => {
    const world = createPollWorld();
    const { contentId } = publishPart(world);
    await pollToItsEnd(world);
    expect(await world.ledger.gaps(world.tenant.tenantId)).toMatchObject([
      { contentId, reason: 'contentRejected', receipt: { records: 3, faults: 2 } },
    ]);
    expect(world.requestedLines()).toEqual(texts);
  });

  it('ends as a gap that says so even if Microsoft no longer serves it', async () => {
    const world = createPollWorld();
    const { contentId } = publishPart(world);
    await world.poll();
    world.feed.refuse('fetch', contentId, busy);
    await pollToItsEnd(world);
    expect(await world.ledger.gaps(world.tenant.tenantId)).toMatchObject([
      { contentId, reason: 'contentExpired', receipt: { records: 3, faults: 2 } },
    ]);
  });

  it('lands the records of a body that is too large to hold, from what is kept', async () => {
    const world = createPollWorld();
    const many = recordTexts('part', 120, 10_000);
    const large = chunksOf(Buffer.from(`[${many.join(',')},null]`), 50_000);
    publishPart(world, () => large);
    expect(await world.poll()).toMatchObject({ records: many.length, deferred: 1 });
    expect(world.requestedLines()).toEqual(many);
    const [kept] = world.raw.rejected.values();
    expect(kept?.equals(Buffer.concat(large))).toBe(true);
  });

  it('lands nothing of a large body that was another one when it was fetched again to be kept', async () => {
    const world = createPollWorld();
    const many = recordTexts('part', 120, 10_000);
    let fetched = 0;
    const bodies = ['null', '7'].map((junk) => chunksOf(Buffer.from(`[${many.join(',')},${junk}]`), 50_000));
    publishPart(world, () => bodies[Math.min(fetched++, 1)] ?? []);
    expect(await world.poll()).toMatchObject({ records: 0, deferred: 1 });
    expect(world.requestedLines()).toEqual([]);
    world.clock.advance(hourMs);
    expect(await world.poll()).toMatchObject({ records: many.length });
  });
});
