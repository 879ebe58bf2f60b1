/** The requests a minute that a tenant may cause. */
import { expect, it } from 'vitest';
import { createRateLimit } from '../../../shared/adapters/management-api/rate-limit.ts';

function createWorld(limit: number) {
  const slept: number[] = [];
  let elapsedMs = 0;
  const sleep = (ms: number) => Promise.resolve(slept.push(ms));
  const take = createRateLimit({ limit, intervalMs: 1000, elapsed: () => elapsedMs, sleep });
  return { slept, take, advance: (ms: number) => (elapsedMs += ms) };
}

it('lets so many begin at once, the others in later intervals', async () => {
  const { take, slept } = createWorld(2);
  for (let at = 0; at < 7; at++) await take();
  expect(slept).toEqual([1000, 1000, 2000, 2000, 3000]);
});

it('starts over after an interval in which nothing began', async () => {
  const { take, slept, advance } = createWorld(2);
  await take();
  await take();
  advance(1001);
  await take();
  await take();
  expect(slept).toEqual([]);
});

it('counts what waits for an interval as part of that', async () => {
  const { take, slept, advance } = createWorld(2);
  for (let at = 0; at < 3; at++) await take();
  advance(1500);
  await take();
  await take();
  expect(slept).toEqual([1000, 500]);
});
