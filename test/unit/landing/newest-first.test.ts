/** A tenant that is far behind: its newest hour does not wait for all that is older. */
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { createPollWorld } from '../../support/poll-world.ts';

const idsOf = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}-${at}`);

function createWorldBehind() {
  const world = createPollWorld({ deps: { fetchConcurrency: 1 } });
  const old = idsOf('old', 8).map((name, at) =>
    world.publish(name, { ago: 3 * dayMs - at * hourMs, records: 1 }),
  );
  const recent = idsOf('recent', 3).map((name, at) =>
    world.publish(name, { ago: (50 - at) * minuteMs, records: 1 }),
  );
  const ids = {
    old: old.map(({ contentId }) => contentId),
    recent: recent.map(({ contentId }) => contentId),
  };
  return { ...world, ids };
}

describe('a tenant that is far behind', () => {
  it('has its newest hour fetched first, then everything from the oldest on, and nothing twice', async () => {
    const world = createWorldBehind();
    expect(await world.poll()).toMatchObject({ contentBlobs: 11, records: 11, finished: true });
    expect(world.feed.fetched).toEqual([...world.ids.recent, ...world.ids.old]);
    expect(new Set(world.requestedLines()).size).toBe(11);
    expect(world.requestedLines()).toHaveLength(11);
  });

  it('has what the feed drops within a day fetched before anything else', async () => {
    const world = createWorldBehind();
    const { contentId } = world.publish('expiring', { ago: 7 * dayMs - hourMs, records: 1 });
    await world.poll();
    expect(world.feed.fetched).toEqual([contentId, ...world.ids.recent, ...world.ids.old]);
  });

  it('claims nothing of the time in between: its checkpoint moves with the oldest', async () => {
    const world = createWorldBehind();
    const budget = world.clock.startBudget(hourMs);
    let fetched = 0;
    world.feed.beforeFetch(() => {
      if (++fetched === 3) world.clock.advance(2 * hourMs);
    });
    expect(await world.poll({ budget })).toMatchObject({ contentBlobs: 3, finished: false });
    const [checkpoint] = await world.ledger.checkpoints(world.tenant.tenantId);
    expect(checkpoint?.listedThrough.getTime()).toBeLessThan(world.clock.now().getTime() - 3 * dayMs);
    world.feed.beforeFetch(() => undefined);
    expect(await world.poll({ isContinued: true })).toMatchObject({ contentBlobs: 8, finished: true });
    expect(new Set(world.feed.fetched).size).toBe(11);
    expect(world.feed.fetched).toHaveLength(11);
  });

  it('lists windows that begin and end at whole seconds, whenever it is polled', async () => {
    const world = createWorldBehind();
    world.clock.advance(123);
    expect(await world.poll()).toMatchObject({ contentBlobs: 11, finished: true });
  });

  it('costs one further listing, and only while it is behind', async () => {
    const world = createWorldBehind();
    await world.poll();
    const slices = Math.ceil((7 * dayMs) / dayMs);
    expect(world.feed.listed).toHaveLength(slices + 1);
    world.clock.advance(5 * minuteMs);
    await world.poll();
    const [last, ...others] = world.feed.listed.slice(slices + 1);
    expect(others).toEqual([]);
    expect(last?.window.start.getTime()).toBeLessThan(world.clock.now().getTime() - 5 * minuteMs);
  });

  it('does not count its newest content as late', async () => {
    const world = createWorldBehind();
    await world.poll();
    world.clock.advance(3 * hourMs);
    world.publish('after', { ago: 10 * minuteMs });
    await world.poll();
    const [checkpoint] = await world.ledger.checkpoints(world.tenant.tenantId);
    const [, ...late] = checkpoint?.lateness?.counts ?? [];
    expect(late.reduce((sum, count) => sum + count, 0)).toBe(0);
  });
});
