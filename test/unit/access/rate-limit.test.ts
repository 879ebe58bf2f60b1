/** The counters of callers and addresses. */
import { expect, it } from 'vitest';
import { createRateLimiter } from '../../../shared/access/rate-limit.ts';
import { createClock } from '../../support/clock.ts';

it('of a million addresses hold only those that called last', () => {
  const limiter = createRateLimiter(1, createClock().now);
  for (let each = 0; each < 1_000_000; each++) limiter.take(`address ${each}`);
  const held = [0, 980_000, 989_999, 990_000, 999_999].map((each) => limiter.wait(`address ${each}`) > 0);
  expect(held).toEqual([false, false, false, true, true]);
});
