import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import type { OpenContent } from '../../../shared/landing/ledger.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { bodyOf, contentNamed, recordTexts } from '../../support/content.ts';
import { createPollWorld, type PollWorld } from '../../support/poll-world.ts';

const busy = new UpstreamError('retry', 'AF50000', 'It failed.');

function openOf({ ledger, tenant }: PollWorld): Promise<readonly OpenContent[]> {
  return ledger.open(tenant.tenantId);
}

function statesOf({ ledger, tenant }: PollWorld): Record<string, string> {
  return Object.fromEntries(ledger.settled(tenant.tenantId).map((row) => [row.content.contentId, row.state]));
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
