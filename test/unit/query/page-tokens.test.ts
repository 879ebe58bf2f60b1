/** Tokens of next links are short, however many places a query has reached. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../../shared/errors.ts';
import { createPageTokens, maxTokenLength } from '../../../shared/query/page-tokens.ts';
import type { QueryPosition } from '../../../shared/query/record-page.ts';
import { createSkipTokens } from '../../../shared/query/skip-token.ts';
import { createClock, hourMs } from '../../support/clock.ts';
import { createFakePageTokenStore } from '../../support/fakes/page-token-store.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const query = { users: ['ada@contoso.example'] };
const moment = new Date('2026-03-01T09:00:00.123Z');
const short: QueryPosition = {
  ...{ snapshot: moment, completeThrough: moment },
  cursors: { '0': { past: '8227557152876_2f1d7c60-5a53-4f0e-8c39-6a0f4b1b7a11' } },
};
const longToken = () => randomBytes(150).toString('base64');
const long: QueryPosition = {
  ...{ snapshot: moment, completeThrough: moment },
  cursors: Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [String(at), { month: '797396', token: longToken() }]),
  ),
};

function createWorld() {
  const clock = createClock();
  const store = createFakePageTokenStore();
  const skipTokens = createSkipTokens([randomBytes(32)], clock.now);
  const tokens = createPageTokens({ skipTokens, store, now: clock.now });
  const refusalOf = async (token: string, tenants = fabrikamId, asked: object = query) => {
    const error: unknown = await tokens.open(token, tenants, asked).catch((thrown: unknown) => thrown);
    return error instanceof RequestError ? error.code : error;
  };
  return { clock, store, tokens, refusalOf };
}

describe('the token of a page', () => {
  it.each([
    ['one that reads one place', short, 0],
    ['one that reads 200 places', long, 1],
  ])('is short and restores the position, and only long ones are stored: %s', async (_, position, stored) => {
    const { tokens, store } = createWorld();
    const token = await tokens.seal(position, fabrikamId, query);
    expect(token).toMatch(/^[\w.-]+$/);
    expect(token.length).toBeLessThanOrEqual(maxTokenLength);
    expect(await tokens.open(token, fabrikamId, query)).toEqual(position);
    expect(store.count()).toBe(stored);
  });

  it.each([
    ['in the link', short],
    ['in storage', long],
  ])('is bound to tenants and query, and valid for a day, with its position %s', async (_, position) => {
    const { tokens, clock, refusalOf } = createWorld();
    const token = await tokens.seal(position, fabrikamId, query);
    expect(await refusalOf(token, adatumId)).toBe('InvalidSkipToken');
    expect(await refusalOf(token, fabrikamId, { users: ['x'] })).toBe('InvalidSkipToken');
    expect(await refusalOf(token.slice(0, -1))).toBe('InvalidSkipToken');
    clock.advance(25 * hourMs);
    expect(await refusalOf(token)).toBe('InvalidSkipToken');
  });

  it('that was deleted, or never stored, is refused', async () => {
    const { refusalOf } = createWorld();
    expect(await refusalOf(randomBytes(16).toString('base64url'))).toBe('InvalidSkipToken');
  });
});
