/** Notifications of the activity feed over HTTP, and the polls that they request. */
import { randomBytes } from 'node:crypto';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { receiveFeedNotificationHandler } from '../../../functions/ingestion/receive-feed-notification.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { createFeedWebhooks } from '../../../shared/activity/feed-webhook.ts';
import { createFeedHints } from '../../../shared/landing/feed-hints.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createClock, minuteMs, secondMs } from '../../support/clock.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { createFaults, failNext, type Faults } from '../../support/faults.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { served } from '../../support/served.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const settleMs = minuteMs;
const publicUrl = 'https://audit.example/api';

interface WorldOptions {
  readonly isOff?: boolean;
  readonly faults?: Faults;
}

const answerSchema = z.object({ status: z.number(), jsonBody: z.unknown().optional() });

function createWorld({ isOff = false, faults = createFaults() }: WorldOptions = {}) {
  const clock = createClock();
  const queues = createFakeWorkQueues();
  const telemetry = createRecordingTelemetry();
  const [signingKeys, now] = [[randomBytes(32)] as const, clock.now];
  const feedWebhooks = createFeedWebhooks(signingKeys, isOff ? undefined : publicUrl);
  const http = createFakeHttpDeps(now);
  const [tenants, keys] = [createFakeTenantStore([]), createFakeApiKeyStore()];
  const deps = {
    ...{ ...http, telemetry: telemetry.telemetry, now },
    tenants: faults.inject('tenants', tenants),
    accessLog: faults.inject('accessLog', http.accessLog),
    access: createAccess({
      ...plainAccess,
      ...{ telemetry: telemetry.telemetry, now },
      ...{ keys: faults.inject('keys', keys), tenants: faults.inject('tenants', tenants) },
    }),
    feedHints: createFeedHints({ feedWebhooks, queues: faults.inject('queues', queues), now, settleMs }),
  };
  const authIdOf = (tenantId: string) =>
    createFeedWebhooks(signingKeys, publicUrl).of(tenantId)?.authId ?? '';
  const post = async (headers: Readonly<Record<string, string>>, body = '[]') => {
    const options = served(deps, receiveFeedNotificationHandler);
    const request = new HttpRequest({
      ...{ method: 'POST', url: `${publicUrl}/${options.route}`, headers, body: { string: body } },
    });
    const context = new InvocationContext({ logHandler: () => undefined });
    const answer = await options.handler(request, context);
    await expectDescribedInit(request, answer);
    return answerSchema.parse(answer);
  };
  const notify = async (tenantId: string, body?: string) =>
    (await post({ 'Webhook-AuthID': authIdOf(tenantId) }, body)).status;
  return { clock, queues, telemetry, steps: faults.steps, authIdOf, post, notify };
}

const requestOf = (tenantId: string) => ({ version: 1, tenantId, reason: 'notified' });

describe('a notification', () => {
  it('requests a poll of its tenant, once what it announces has settled', async () => {
    const world = createWorld();
    expect(await world.notify(fabrikamId)).toBe(200);
    expect(world.queues.pollRequests).toEqual([requestOf(fabrikamId)]);
    expect(world.queues.pollDelays).toEqual([2 * settleMs]);
  });

  it.each([
    [
      'names another tenant',
      JSON.stringify([{ tenantId: adatumId, contentUri: 'https://elsewhere.example' }]),
    ],
    ['is not JSON', '<html>'],
    ['is larger than any body may be', 'x'.repeat(200_000)],
  ])('requests the same if its body %s', async (_what, body) => {
    const world = createWorld();
    expect(await world.notify(fabrikamId, body)).toBe(200);
    expect(world.queues.pollRequests).toEqual([requestOf(fabrikamId)]);
  });

  it('costs one storage operation, which is a message', async () => {
    const world = createWorld();
    await world.notify(fabrikamId);
    expect(world.steps).toEqual(['queues.requestPoll']);
  });

  it('that comes a thousand times within the time to settle requests one poll, and then one more', async () => {
    const world = createWorld();
    for (let at = 0; at < 1000; at++) {
      expect(await world.notify(fabrikamId)).toBe(200);
      world.clock.advance((settleMs - secondMs) / 1000);
    }
    expect(world.steps).toEqual(['queues.requestPoll']);
    world.clock.advance(secondMs + 1);
    await Promise.all(Array.from({ length: 1000 }, () => world.notify(fabrikamId)));
    expect(world.steps).toEqual(['queues.requestPoll', 'queues.requestPoll']);
  });

  it('of one tenant does not hold up that of another', async () => {
    const world = createWorld();
    await world.notify(fabrikamId);
    await world.notify(adatumId);
    expect(world.queues.pollRequests).toEqual([requestOf(fabrikamId), requestOf(adatumId)]);
  });

  it('whose message could not be stored fails, so that Microsoft repeats it, and is then taken', async () => {
    const world = createWorld({
      faults: failNext('queues.requestPoll', new Error('The queue is unavailable.')),
    });
    expect(await world.notify(fabrikamId)).toBe(500);
    expect(await world.notify(fabrikamId)).toBe(200);
    expect(world.queues.pollRequests).toEqual([requestOf(fabrikamId)]);
  });
});

describe('the handshake of a subscription', () => {
  it('is answered without a storage operation', async () => {
    const world = createWorld();
    const headers = { 'Webhook-AuthID': world.authIdOf(fabrikamId), 'Webhook-ValidationCode': 'opaque' };
    expect((await world.post(headers, '{"validationCode":"opaque"}')).status).toBe(200);
    expect(world.steps).toEqual([]);
  });
});

describe('a call by a stranger', () => {
  const handshake = { 'Webhook-ValidationCode': 'opaque' };

  it.each([
    ['no auth ID', {}],
    ['an empty auth ID', { 'Webhook-AuthID': '' }],
    ['a wrong auth ID', { 'Webhook-AuthID': `auditkeep.${fabrikamId}.${'A'.repeat(43)}` }],
    ['a wrong auth ID of an unknown tenant', { 'Webhook-AuthID': `auditkeep.${adatumId}.${'A'.repeat(43)}` }],
    ['a handshake without an auth ID', handshake],
    ['a handshake with a wrong auth ID', { ...handshake, 'Webhook-AuthID': 'opaque' }],
  ])(
    'with %s is refused like any other, without a storage operation or an entry in a log',
    async (_what, headers) => {
      const world = createWorld();
      const answer = await world.post(headers);
      expect(answer.status).toBe(401);
      expect(answer).toEqual(await world.post({}));
      expect(world.steps).toEqual([]);
      expect(world.telemetry.reported).toEqual([]);
    },
  );

  it('is the only one while webhooks are off', async () => {
    const world = createWorld({ isOff: true });
    expect(await world.notify(fabrikamId)).toBe(401);
    expect(world.steps).toEqual([]);
  });
});
