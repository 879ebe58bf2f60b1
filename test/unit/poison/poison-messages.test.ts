/** Operators see messages that failed too often, replay them, and give them up; over HTTP. */
import { describe, expect, it } from 'vitest';
import { RawBlobMissingError } from '../../../shared/index/checked-blob.ts';
import { reconcileTenants } from '../../../shared/landing/reconcile.ts';
import { workQueues } from '../../../shared/poison/queue-names.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { crashAt, createFaults } from '../../support/faults.ts';
import { createPoisonWorld } from './poison-world.ts';

const missing = new RawBlobMissingError('The raw blob of landing x does not exist.');
const reason = { reason: 'The raw blob was deleted by mistake.' };

/** With a landing whose message is in the poison queue. */
async function createWorld() {
  const world = await createPoisonWorld();
  // Everything before the first listing is a hole.
  await world.poll();
  world.clock.advance(2 * hourMs);
  const landed = await world.land();
  await world.fail('raw-blobs', landed.message, missing);
  const { poisonMessageId } = await world.only();
  return { ...world, ...landed, poisonMessageId };
}

describe('the list of poison messages', () => {
  it('has those that only the queue knows, once each, without a cause', async () => {
    const world = await createWorld();
    const poll = { version: 1, tenantId: world.tenantId, reason: 'reconcile' };
    world.clock.advance(minuteMs);
    for (let time = 0; time < 2; time++) world.poisonQueues.put('poll-requests', poll);
    world.poisonQueues.put('poll-requests', { ...poll, tenantId: world.other.tenantId });
    expect((await world.list()).value).toMatchObject([
      { queue: 'poll-requests', state: 'waiting', failedDateTime: world.clock.now().toISOString() },
      { queue: 'raw-blobs', errorCode: 'RawBlobMissingError' },
    ]);
    expect((await world.list('', 'listAll')).value).toHaveLength(3);
  });

  it('is filtered by queue and state, and has pages', async () => {
    const world = await createWorld();
    for (const subscription of ['1', '2', '3']) {
      world.clock.advance(minuteMs);
      const subscriptionId = `0c4e2a7b-91d3-4f1e-a1b7-58f2c1b0d9a${subscription}`;
      world.poisonQueues.put('webhook-deliveries', { version: 1, tenantId: world.tenantId, subscriptionId });
    }
    expect((await world.list('?queue=webhook-deliveries')).value).toHaveLength(3);
    expect((await world.list('?state=givenUp')).value).toEqual([]);
    expect((await world.list('?state=waiting')).value).toHaveLength(4);
    const first = await world.list('?top=3');
    expect(first.value.map(({ queue }) => queue)).toEqual(Array(3).fill('webhook-deliveries'));
    const rest = await world.list(new URL(first.nextLink ?? '').search);
    expect(rest.value.map(({ queue }) => queue)).toEqual(['raw-blobs']);
    expect(rest.nextLink).toBeUndefined();
    expect((await world.call('list', '?queue=raw')).status).toBe(400);
    expect((await world.call('list', '?skiptoken=x')).status).toBe(400);
  });

  it('costs one query and one request for each queue', async () => {
    const world = await createWorld();
    const faults = createFaults();
    await world.call('list', '', undefined, faults);
    const peeks = workQueues.map(() => 'poisonQueue.peek');
    expect(faults.steps.toSorted()).toEqual(['poisonMessages.list', ...peeks]);
  });

  it('of all tenants is for callers with all tenants', async () => {
    const world = await createWorld();
    const bound = await world.callerWith(['records.read', 'tenants.manage'], world.tenantId);
    expect((await bound('list')).status).toBe(200);
    expect((await bound('listAll')).status).toBe(403);
    expect((await bound('replayAny', world.poisonMessageId)).status).toBe(403);
    expect((await bound('giveUpAny', world.poisonMessageId, reason)).status).toBe(403);
    const stranger = await world.callerWith(['records.read', 'tenants.manage'], world.other.tenantId);
    expect((await stranger('list')).status).toBe(404);
    const reader = await world.callerWith(['records.read']);
    expect((await reader('replay', world.poisonMessageId)).status).toBe(403);
  });
});

describe('replaying', () => {
  it('sends the message to its queue again, and ends its row', async () => {
    const world = await createWorld();
    expect(await world.call('replay', world.poisonMessageId)).toMatchObject({
      status: 200,
      jsonBody: { state: 'replayed', queue: 'raw-blobs' },
    });
    expect(world.poisonQueues.sent('raw-blobs')).toEqual([world.message]);
    expect(world.poisonQueues.left('raw-blobs')).toEqual([]);
    expect((await world.list()).value).toEqual([]);
    expect(world.telemetry.of('poison.message.replayed')).toMatchObject([{ queue: 'raw-blobs' }]);
    expect(await world.call('replay', world.poisonMessageId)).toMatchObject({
      status: 404,
      jsonBody: { error: { code: 'PoisonMessageNotFound' } },
    });
  });

  it('sends one of several that request the same work, and leaves the others where they are', async () => {
    const world = await createWorld();
    world.poisonQueues.put('raw-blobs', world.message);
    for (let landing = 0; landing < 40; landing++)
      world.poisonQueues.put('raw-blobs', { ...world.message, landingId: `other-${landing}` });
    expect((await world.call('replay', world.poisonMessageId)).status).toBe(200);
    expect(world.poisonQueues.sent('raw-blobs')).toHaveLength(1);
    expect(world.poisonQueues.left('raw-blobs')).toHaveLength(40);
    expect(await world.poisonQueues.open('raw-blobs').peek()).toHaveLength(32);
  });

  it('ends the row of a message that was deleted from the queue elsewhere', async () => {
    const world = await createWorld();
    const queue = world.poisonQueues.open('raw-blobs');
    for (const message of (await queue.take()).messages) await queue.remove(message);
    expect((await world.call('replay', world.poisonMessageId)).status).toBe(404);
    expect((await world.list()).value).toEqual([]);
  });

  it('waits while another reader has the message', async () => {
    const world = await createWorld();
    await world.poisonQueues.open('raw-blobs').take();
    expect(await world.call('replay', world.poisonMessageId)).toMatchObject({
      status: 409,
      jsonBody: { error: { code: 'PoisonQueueBusy' } },
    });
    world.poisonQueues.reveal();
    expect((await world.call('replay', world.poisonMessageId)).status).toBe(200);
  });

  it('of a message without a tenant is for callers with all tenants', async () => {
    const world = await createPoisonWorld();
    await world.fail('operations', { version: 9 }, new Error('odd'));
    const [{ poisonMessageId } = { poisonMessageId: '' }] = (await world.list('', 'listAll')).value;
    expect((await world.call('replay', poisonMessageId)).status).toBe(404);
    expect((await world.call('replayAny', poisonMessageId)).status).toBe(200);
    expect(world.poisonQueues.sent('operations')).toEqual([{ version: 9 }]);
    expect(await world.poisonMessages.list()).toEqual([]);
  });

  it('loses nothing when the host is killed at any step, and can be repeated', async () => {
    let step = 0;
    for (let isOver = false; !isOver; step++) {
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const world = await createWorld();
        const { status } = await world.call('replay', world.poisonMessageId, undefined, crashAt(step, fault));
        isOver = status === 200;
        world.poisonQueues.reveal();
        const waits = world.poisonQueues.left('raw-blobs').length;
        expect(waits + world.poisonQueues.sent('raw-blobs').length).toBeGreaterThan(0);
        expect((await world.list()).value).toHaveLength(waits);
        if (waits > 0) expect((await world.call('replay', world.poisonMessageId)).status).toBe(200);
        expect(world.poisonQueues.left('raw-blobs')).toEqual([]);
        expect((await world.list()).value).toEqual([]);
      }
    }
    expect(step).toBeGreaterThan(8);
  });
});

describe('giving up', () => {
  it('makes the records of a landing a gap that says who did it and why; later content is complete', async () => {
    const world = await createWorld();
    const before = await world.completeness();
    expect(before).toMatchObject({ unindexedLandings: 1, completeThrough: world.content.contentCreated });
    expect(await world.isHole(world.content)).toBe(false);
    const answer = await world.call('giveUp', world.poisonMessageId, reason);
    const decision = { givenUpReason: reason.reason, givenUpDateTime: world.clock.now().toISOString() };
    expect(answer).toMatchObject({ status: 200, jsonBody: { state: 'givenUp', ...decision } });
    expect(world.poisonQueues.left('raw-blobs')).toEqual([]);
    expect(world.poisonQueues.sent('raw-blobs')).toEqual([]);
    expect(await world.isHole(world.content)).toBe(true);
    const after = await world.completeness();
    expect(after.unindexedLandings).toBe(0);
    expect(after.completeThrough?.getTime()).toBeGreaterThan(world.content.contentCreated.getTime());
    expect((await world.call('gaps')).jsonBody).toMatchObject({
      value: [
        {
          reason: 'landingGivenUp',
          landingId: world.landing.landingId,
          contentType: 'Audit.Exchange',
          from: world.content.contentCreated.toISOString(),
          ...decision,
        },
      ],
    });
    expect(await world.only()).toMatchObject({
      state: 'givenUp',
      errorCode: 'RawBlobMissingError',
      ...decision,
    });
    expect((await world.list('?state=givenUp')).value).toHaveLength(1);
  });

  it('ends the daily requests to index the landing', async () => {
    const world = await createWorld();
    world.clock.advance(2 * hourMs);
    const before = world.queues.indexRequests.length;
    await reconcileTenants({ ...world.depsOf(createFaults()), queues: world.queues });
    expect(world.queues.indexRequests).toHaveLength(before + 1);
    await world.call('giveUp', world.poisonMessageId, reason);
    await reconcileTenants({ ...world.depsOf(createFaults()), queues: world.queues });
    expect(world.queues.indexRequests).toHaveLength(before + 1);
  });

  it('covers all content types of the tenant if the raw blob is missing', async () => {
    const world = await createWorld();
    world.raw.lose(world.landing.blobName);
    await world.call('giveUp', world.poisonMessageId, reason);
    expect(await world.isHole(world.content)).toBe(true);
    expect((await world.completeness()).gaps).toMatchObject([{ contentType: 'Audit.Exchange' }]);
  });

  it('can be taken back: the landing is pending again, and the gap ends when it is indexed', async () => {
    const world = await createWorld();
    await world.call('giveUp', world.poisonMessageId, reason);
    const sent = world.queues.indexRequests.length;
    expect((await world.call('replay', world.poisonMessageId)).status).toBe(200);
    expect(world.queues.indexRequests.slice(sent)).toMatchObject([{ landingId: world.landing.landingId }]);
    expect((await world.list()).value).toEqual([]);
    expect(await world.completeness()).toMatchObject({ unindexedLandings: 1, gaps: [] });
    const counts = { indexed: 3, duplicates: 0, notUnderstood: 0, rows: 10 };
    await world.landings.close(world.tenantId, world.landing, counts);
    expect(await world.isHole(world.content)).toBe(false);
  });

  it('of other work deletes its message, which is scheduled again anyway', async () => {
    const world = await createPoisonWorld();
    const poll = { version: 1, tenantId: world.tenantId, reason: 'reconcile' };
    await world.fail('poll-requests', poll, new Error('odd'));
    const { poisonMessageId } = await world.only();
    expect((await world.call('giveUp', poisonMessageId, reason)).status).toBe(200);
    expect(world.poisonQueues.left('poll-requests')).toEqual([]);
    expect(await world.only()).toMatchObject({ state: 'givenUp', errorCode: 'Error' });
    expect(await world.call('replay', poisonMessageId)).toMatchObject({
      status: 409,
      jsonBody: { error: { code: 'PoisonMessageGivenUp' } },
    });
  });

  it('needs a reason', async () => {
    const world = await createWorld();
    for (const body of [{}, { reason: ' ' }, { reason: 'x'.repeat(501) }])
      expect((await world.call('giveUp', world.poisonMessageId, body)).status).toBe(400);
    expect(await world.only()).toMatchObject({ state: 'waiting' });
  });

  it('leaves a hole or the pending landing when the host is killed at any step, and can be repeated', async () => {
    let step = 0;
    for (let isOver = false; !isOver; step++) {
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const world = await createWorld();
        const { status } = await world.call('giveUp', world.poisonMessageId, reason, crashAt(step, fault));
        isOver = status === 200;
        world.poisonQueues.reveal();
        const { unindexedLandings } = await world.completeness();
        expect([await world.isHole(world.content), unindexedLandings]).toEqual(
          unindexedLandings === 1 ? [false, 1] : [true, 0],
        );
        await world.only();
        expect((await world.call('giveUp', world.poisonMessageId, reason)).status).toBe(200);
        expect(await world.isHole(world.content)).toBe(true);
        expect(await world.only()).toMatchObject({ state: 'givenUp' });
        expect(world.poisonQueues.left('raw-blobs')).toEqual([]);
      }
    }
    expect(step).toBeGreaterThan(8);
  });
});
