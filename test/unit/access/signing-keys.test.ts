/** While the signing key is replaced, what its predecessor signed and encrypted is still accepted. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createSigner } from '../../../shared/access/signer.ts';
import type { SigningKeys } from '../../../shared/access/signing-keys.ts';
import { createIdempotency } from '../../../shared/http/idempotency.ts';
import { createClock, dayMs } from '../../support/clock.ts';
import { guidOf } from '../../support/feed-world.ts';
import { createFakeIdempotencyStore } from '../../support/fakes/idempotency-store.ts';
import { createWebhookWorld } from '../../support/webhook-world.ts';
import { openTarget, subscriptionSecret } from '../../../shared/webhooks/webhook-secrets.ts';
import { isSignedWith } from '../../support/signed-with.ts';

const [before, after] = [randomBytes(32), randomBytes(32)];
const during: SigningKeys = [after, before];

describe('a replaced signing key', () => {
  it('still opens what it signed, and signs nothing anymore', () => {
    const signerOf = (keys: SigningKeys) => createSigner(keys, 'test', z.string());
    const text = signerOf([before]).sign('content');
    expect(signerOf(during).open(text)).toBe('content');
    expect(signerOf([after]).open(text)).toBeUndefined();
    expect(signerOf([before]).open(signerOf(during).sign('content'))).toBeUndefined();
    expect(signerOf([after]).open(signerOf(during).sign('content'))).toBe('content');
  });

  it('still decrypts the answer to a repeated request', async () => {
    const store = createFakeIdempotencyStore();
    const onceWith = (signingKeys: SigningKeys, status: number) =>
      createIdempotency({ store, signingKeys, now: createClock().now }).once(
        { callerId: 'key *', key: 'order-1', method: 'POST', path: '/things', body: new Uint8Array() },
        () => Promise.resolve({ status, headers: {} }),
      );
    await onceWith([before], 201);
    expect(await onceWith(during, 202)).toMatchObject({ status: 201 });
    await expect(onceWith([after], 202)).rejects.toThrow('sealed');
  });

  it('still signs deliveries, whose addresses are then encrypted with its successor', async () => {
    const world = await createWebhookWorld();
    const { secret, subscription } = await world.subscribe();
    const signingKeys: SigningKeys = [after, ...world.signingKeys];
    await world.publish([{ id: guidOf('a') }]);
    await world.drain({ signingKeys });
    const [{ headers, body } = { headers: {}, body: '' }] = world.sent;
    const next = subscriptionSecret(signingKeys, subscription);
    expect([secret, next].map((each) => isSignedWith(each, headers, body))).toEqual([true, true]);
    const stored = await world.subscription();
    expect(openTarget([after], stored)).toBe('https://receiver.example/hook?sig=1');
    world.clock.advance(dayMs);
    await world.publish([{ id: guidOf('b') }]);
    await world.drain({ signingKeys: [after] });
    expect(world.sent).toHaveLength(2);
  });
});
