import { describe, expect, it } from 'vitest';
import { createIdempotency } from '../../../shared/http/idempotency.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { createFakeIdempotencyStore } from '../../support/fakes/idempotency-store.ts';

const request = {
  ...{ callerId: 'key *', key: 'order-1', method: 'POST', path: '/things' },
  body: new Uint8Array(),
};
const away = () => Promise.reject(new Error('Storage is away.'));

function createWorld(broken: 'finish' | 'forget', answer = {}) {
  const clock = createClock();
  const store = { ...createFakeIdempotencyStore(), [broken]: away };
  const repeats = createIdempotency({ store, signingKeys: [Buffer.alloc(32, 1)], now: clock.now });
  let count = 0;
  const send = () =>
    repeats.once(request, () => {
      count += 1;
      return Promise.resolve({ status: 201, headers: {}, jsonBody: { count }, ...answer });
    });
  return { clock, send, count: () => count };
}

describe('a request whose answer cannot be kept', () => {
  it('is answered, and is not repeated while the first one may be running', async () => {
    const world = createWorld('finish');
    expect(await world.send()).toMatchObject({ status: 201, jsonBody: { count: 1 } });
    world.clock.advance(11 * minuteMs);
    await expect(world.send()).rejects.toMatchObject({ status: 409, code: 'RequestInProgress' });
    expect(world.count()).toBe(1);
    world.clock.advance(1);
    expect(await world.send()).toMatchObject({ jsonBody: { count: 2 } });
  });

  it('is answered even when the answer is too large to be kept and the key cannot be freed', async () => {
    const world = createWorld('forget', { jsonBody: 'x'.repeat(70_000) });
    expect(await world.send()).toMatchObject({ status: 201 });
    await expect(world.send()).rejects.toMatchObject({ status: 409 });
    expect(world.count()).toBe(1);
  });
});
