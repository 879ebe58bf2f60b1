import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rotateSecret } from '../../../shared/webhooks/manage-subscriptions.ts';
import { recordsMessage, recordsPerDelivery } from '../../../shared/webhooks/payload.ts';
import { publicSubscription } from '../../../shared/webhooks/public-subscription.ts';
import { nextWaitMs } from '../../../shared/webhooks/retry-schedule.ts';
import { openTarget, sealTarget, webhookHeaders } from '../../../shared/webhooks/webhook-secrets.ts';
import { dayMs, hourMs } from '../../support/clock.ts';
import { guidOf } from '../../support/feed-world.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import { isSignedWith } from '../../support/signed-with.ts';
import { createWebhookWorld } from '../../support/webhook-world.ts';

describe('a delivery is signed', () => {
  it('with the current secret, and during an overlap also with the previous one', async () => {
    const world = await createWebhookWorld();
    const { subscription, secret } = await world.subscribe();
    const rotated = await rotateSecret(world.deps, await world.subscription());
    expect(rotated.secret).not.toBe(secret);
    const message = { id: 'msg_1', body: '{}' };
    const headersAt = (now: Date) => webhookHeaders(world.signingKeys, rotated.subscription, message, now);
    const during = headersAt(world.clock.now());
    const after = headersAt(new Date(world.clock.now().getTime() + dayMs));
    const signed = [secret, rotated.secret].map((each) => [
      isSignedWith(each, during, '{}'),
      isSignedWith(each, after, '{}'),
      isSignedWith(each, during, '{ }'),
    ]);
    expect(signed).toEqual([
      [true, false, false],
      [true, true, false],
    ]);
    expect(
      webhookHeaders(world.signingKeys, subscription, message, world.clock.now())['webhook-signature'],
    ).toMatch(/^v1,\S+$/);
  });
});

describe('a rotated secret', () => {
  it('is the next one, even if the answer to the write is lost', async () => {
    const world = await createWebhookWorld();
    await world.subscribe();
    const { subscriptions } = world.deps;
    let writes = 0;
    const update: typeof subscriptions.update = async (...given) => {
      const written = await subscriptions.update(...given);
      return (writes += 1) === 1 ? undefined : written;
    };
    const deps = { ...world.deps, subscriptions: { ...subscriptions, update } };
    const { subscription } = await rotateSecret(deps, await world.subscription());
    expect([writes, subscription.generation]).toEqual([2, 2]);
  });
});

describe('the address of a subscription', () => {
  it('can be decrypted for that subscription and with that key only', () => {
    const [key, named] = [[Buffer.alloc(32, 1)] as const, { owner: fabrikamId, subscriptionId: guidOf('s') }];
    const sealedTarget = sealTarget(key, named, 'https://receiver.example/?sig=secret');
    expect(sealedTarget).not.toContain('secret');
    expect(openTarget(key, { ...named, sealedTarget })).toBe('https://receiver.example/?sig=secret');
    expect(openTarget(key, { ...named, owner: adatumId, sealedTarget })).toBeUndefined();
    expect(openTarget([Buffer.alloc(32, 2)], { ...named, sealedTarget })).toBeUndefined();
  });

  it('is shown as a host only', async () => {
    const world = await createWebhookWorld();
    const { subscription } = await world.subscribe();
    const shown = publicSubscription(world.signingKeys, subscription);
    expect(shown.targetHost).toBe('receiver.example');
    expect(JSON.stringify(shown)).not.toMatch(/sig|whsec|hook/);
  });
});

describe('the wait before an attempt', () => {
  const now = new Date('2026-03-10T12:00:00Z');

  it('grows, lasts three days in all, and ends', () => {
    const waits = Array.from(
      { length: 9 },
      (_, at) => nextWaitMs({ failures: at + 1, now, random: 0.5 }) ?? 0,
    );
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(3 * dayMs);
    expect(nextWaitMs({ failures: 10, now, random: 0.5 })).toBeUndefined();
  });

  it('is spread, never shorter than requested, and never longer than a day and its spread', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
        (failures, random, seconds) => {
          const wait = nextWaitMs({ failures, random, now, retryAfter: seconds?.toString() }) ?? -1;
          expect(wait).toBeGreaterThanOrEqual(Math.min((seconds ?? 0) * 1000, dayMs));
          expect(wait).toBeLessThanOrEqual(dayMs * 1.2);
        },
      ),
    );
    expect(nextWaitMs({ failures: 1, now, random: 0 })).toBe(4000);
  });

  it('accepts dates, and ignores invalid values', () => {
    const retryAfter = new Date(now.getTime() + 2 * hourMs).toUTCString();
    expect(nextWaitMs({ failures: 1, now, random: 0.5, retryAfter })).toBe(2 * hourMs);
    expect(nextWaitMs({ failures: 1, now, random: 0.5, retryAfter: 'soon' })).toBe(5000);
  });
});

describe('a thin delivery', () => {
  it('has as many records as fit, and at least one, whatever the address of the app', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 20_000 }), (length) => {
        const baseUrl = `https://${'a'.repeat(length)}/`;
        const described = { owner: fabrikamId, subscriptionId: '', position: { sequence: 1, line: 0 } };
        const count = recordsPerDelivery({ ...described, baseUrl, content: 'ids' });
        expect(count).toBeGreaterThanOrEqual(1);
        expect(count).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('the ID of a delivery to several tenants', () => {
  const now = new Date('2026-03-10T12:00:00Z');
  const content = 'ids' as const;
  const described = {
    ...{ owner: guidOf('owner'), boundTo: 'tag:gold', subscriptionId: guidOf('s') },
    ...{ baseUrl: 'https://auditkeep.example/api/', content },
  };
  const batch = { records: [], names: new Map() };
  const idAt = (position: Parameters<typeof recordsMessage>[0]['position']) =>
    recordsMessage({ ...described, position }, { at: now, to: position }, batch).id;

  it('does not depend on what arrived before at tenants of others', () => {
    const position = { sequence: 7, line: 3, arrival: 40, since: 2 };
    expect(idAt({ ...position, arrival: 41, since: 9 })).toBe(idAt(position));
    expect(idAt({ ...position, line: 4 })).not.toBe(idAt(position));
  });
});
