import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { gapOf } from '../../../shared/landing/ledger.ts';
import { bodyOf, contentNamed, recordTexts } from '../../support/content.ts';
import { Crash, createFaults, crashAt, type Faults } from '../../support/faults.ts';
import { createPollWorld, type PollWorld } from '../../support/poll-world.ts';

const goneId = 'gone$audit_sharepoint';
const malformedId = 'malformed$audit_exchange';
const damagedId = 'damaged$audit_exchange';
const damagedTexts = recordTexts('damaged', 60, 200);

/** Two content types with every kind of content blob: small, large, empty, gone, malformed, damaged, slow, found again. */
async function createBusyWorld(): Promise<PollWorld> {
  const world = createPollWorld({ contentTypes: ['Audit.Exchange', 'Audit.SharePoint'] });
  world.feed.pageSize = 3;
  for (let at = 0; at < 6; at++) world.publish(`mail-${at}`, { ago: 60 * hourMs - at * 9 * hourMs });
  world.publish('large', { ago: 2 * hourMs, records: 200, padding: 200 });
  world.publish('empty', { ago: hourMs, records: 0 });
  for (let at = 0; at < 3; at++) world.publish(`site-${at}`, { type: 'Audit.SharePoint', ago: 5 * hourMs });
  const ago = (ms: number) => new Date(world.clock.now().getTime() - ms);
  const gone = contentNamed('gone', ago(3 * hourMs), 'Audit.SharePoint');
  world.feed.publish(gone, { chunks: [] });
  world.feed.refuse('fetch', goneId, new UpstreamError('gone', 'AF20051', 'It has expired.'));
  world.feed.publish(contentNamed('malformed', ago(4 * hourMs)), { chunks: [Buffer.from('<html>')] });
  const damaged = bodyOf([...damagedTexts.slice(0, 30), 'null', ...damagedTexts.slice(30)], 1000);
  world.feed.publish(contentNamed('damaged', ago(4 * hourMs)), { chunks: damaged });
  const busy = new UpstreamError('retry', 'AF50000', 'It failed.');
  world.feed.refuse('fetch', 'mail-3$audit_exchange', busy, 1);
  const { ledger, tenant, clock } = world;
  const open = { state: 'pending', attempts: 7, nextAttemptAt: clock.now(), code: 'AF20051' } as const;
  const found = world.publish('found', { ago: 3 * hourMs });
  await ledger.recordGaps(tenant.tenantId, [
    gapOf(found, { reason: 'contentGone', code: 'AF20050', recordedAt: ago(hourMs) }),
  ]);
  await ledger.settle(tenant.tenantId, [{ content: found, state: 'gone', attempts: 7 }]);
  await ledger.defer(tenant.tenantId, [
    { ...open, content: gone, goneSince: ago(2 * hourMs) },
    { ...open, content: found, reopened: true },
  ]);
  return world;
}

/** One assertion for many items: each by itself takes longer than a poll. */
function expectAll<T>(items: Iterable<T>, present: ReadonlySet<T>): void {
  expect([...items].filter((item) => !present.has(item))).toEqual([]);
}

/** No crash may break this: everything before a checkpoint is settled or open, and never forgotten. */
async function assertNothingForgotten({ ledger, tenant, expected, queues, raw }: PollWorld): Promise<void> {
  const { tenantId } = tenant;
  const settled = ledger.allSettled(tenantId);
  const open = await ledger.open(tenantId);
  const accounted = new Set([...settled, ...open].map(({ content }) => content.contentId));
  if ((await ledger.checkpoints(tenantId)).length > 0) {
    expectAll([...expected.keys(), goneId, malformedId, damagedId], accounted);
  }
  const requested = new Set(queues.indexRequests.map(({ landingId }) => landingId));
  const visible = new Set(raw.names());
  expectAll(
    queues.indexRequests.map(({ blobName }) => blobName),
    visible,
  );
  expectAll(
    settled.filter(({ state }) => state === 'landed').map(({ landingId }) => landingId),
    requested,
  );
}

/** After normal polls, everything the feed has is landed, every landing has an index request, and the rest is a gap. */
async function assertAllLanded(world: PollWorld): Promise<void> {
  const { ledger, landings, queues, tenant, expected, requestedLines } = world;
  const { tenantId } = tenant;
  const lines = new Set(requestedLines());
  expectAll([...[...expected.values()].flat(), ...damagedTexts], lines);
  const states = new Map(ledger.allSettled(tenantId).map((row) => [row.content.contentId, row.state]));
  for (const contentId of expected.keys()) expect(states.get(contentId)).toBe('landed');
  expect(states.get(goneId)).toBe('gone');
  expect([malformedId, damagedId].map((id) => states.get(id))).toEqual(['rejected', 'rejected']);
  expect(
    (await ledger.gaps(tenantId)).map(({ contentId, receipt }) => [contentId, receipt?.records]),
  ).toEqual(
    expect.arrayContaining([
      [goneId, undefined],
      [malformedId, 0],
      [damagedId, damagedTexts.length],
    ]),
  );
  const counted = landings.all(tenantId).reduce((sum, landing) => sum + landing.contentBlobs, 0);
  expect(counted).toBeGreaterThanOrEqual(expected.size);
  expect(await ledger.open(tenantId)).toEqual([]);
  const requested = new Set(queues.indexRequests.map(({ landingId }) => landingId));
  expectAll(
    landings.all(tenantId).map(({ landingId }) => landingId),
    requested,
  );
}

/** A normal poll soon, one when deferred content is due, and daily ones until a malformed body is given up. */
async function recover(world: PollWorld): Promise<void> {
  for (const waitMs of [minuteMs, hourMs, hourMs, ...Array.from({ length: 8 }, () => dayMs)]) {
    world.clock.advance(waitMs);
    await world.requeue();
    await world.poll();
    await assertNothingForgotten(world);
  }
}

async function pollOneLife(world: PollWorld, faults: Faults): Promise<void> {
  const result = await world
    .requeue(faults)
    .then(() => world.poll({ faults }))
    .catch((error: unknown) => error);
  if (result instanceof Error) expect(result).toBeInstanceOf(Crash);
  await assertNothingForgotten(world);
}

const wholeLife = createFaults();
await (await createBusyWorld()).poll({ faults: wholeLife });
const steps = wholeLife.steps.map((step, index) => ({ step, index }));

describe('a poll that is interrupted', () => {
  it('is tested at every storage step', () => {
    expect(new Set(wholeLife.steps)).toEqual(
      new Set([
        ...['raw.put', 'raw.stage', 'raw.commit', 'raw.putRejected', 'queues.requestIndexing'],
        ...['landings.open', 'ledger.known', 'ledger.open', 'ledger.checkpoints', 'ledger.settle'],
        ...['ledger.recordGaps', 'ledger.closeGaps', 'ledger.close', 'ledger.defer', 'ledger.advance'],
      ]),
    );
  });

  it.each(steps)('loses nothing when that is before step $index, $step', async ({ index }) => {
    const world = await createBusyWorld();
    await pollOneLife(world, crashAt(index, 'crashBefore'));
    await recover(world);
    await assertAllLanded(world);
  });

  it.each(steps)('loses nothing when that is after step $index, $step', async ({ index }) => {
    const world = await createBusyWorld();
    await pollOneLife(world, crashAt(index, 'crashAfter'));
    await recover(world);
    await assertAllLanded(world);
  });

  it('loses nothing however often it happens', async () => {
    const anyEnd = fc.record({
      index: fc.nat(steps.length),
      fault: fc.constantFrom('crashBefore' as const, 'crashAfter' as const),
      waitMs: fc.nat(6 * hourMs),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyEnd, { maxLength: 6 }), async (ends) => {
        const world = await createBusyWorld();
        for (const { index, fault, waitMs } of ends) {
          await pollOneLife(world, crashAt(index, fault));
          world.clock.advance(waitMs);
        }
        await recover(world);
        await assertAllLanded(world);
      }),
      { numRuns: 50 },
    );
  });

  it.each([...new Set(wholeLife.steps)])('moves no checkpoint when %s fails', async (failing) => {
    const world = await createBusyWorld();
    const failure = new Error('Storage is away.');
    const faults = createFaults((step) => (step === failing ? failure : undefined));
    await expect(world.poll({ faults })).rejects.toBe(failure);
    expect(await world.ledger.checkpoints(world.tenant.tenantId)).toEqual([]);
    await assertNothingForgotten(world);
    await recover(world);
    await assertAllLanded(world);
  });

  it('never commits a part of a large body whose transfer broke', async () => {
    const world = createPollWorld();
    const content = contentNamed('broken', new Date(world.clock.now().getTime() - hourMs));
    const texts = Array.from({ length: 300 }, (_, at) => JSON.stringify({ Id: at, Pad: 'x'.repeat(200) }));
    const chunks = bodyOf(texts, 1000).slice(0, -1);
    const breaksWith = new UpstreamError('retry', 'ECONNRESET', 'The connection broke.');
    world.feed.publish(content, { chunks, breaksWith });
    await world.poll();
    expect(world.raw.stagedBytes.length).toBeGreaterThan(0);
    expect(world.raw.names()).toEqual([]);
    expect(world.queues.indexRequests).toEqual([]);
  });
});
