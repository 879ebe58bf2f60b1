/** Positions of sets of tenants in links: whole, bound, and small enough to be stored. */
import { randomBytes, randomUUID } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../../../shared/errors.ts';
import type { SetPosition, TenantPlace } from '../../../../shared/query/sets/set-position.ts';
import { createSetTokens } from '../../../../shared/query/sets/set-token.ts';
import { createSkipTokens } from '../../../../shared/query/skip-token.ts';
import { createClock, hourMs } from '../../../support/clock.ts';

const clock = createClock();
const keys = [randomBytes(32)] as const;
const tokens = createSetTokens(keys, clock.now);

const moment = fc.integer({ min: 0, max: 9_999_999_999_999 }).map((ms) => new Date(ms));
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const place = fc.record({
  tenantId: fc.uuid(),
  claim: maybe(fc.record({ completeThrough: maybe(moment), hasGaps: fc.boolean() })),
  head: maybe(moment),
  stopped: maybe(
    fc.record({
      cursors: maybe(fc.constantFrom({ '0': { past: '8227_x' } }, { '1': { month: '202603', token: 't' } })),
      slice: maybe(fc.record({ lower: fc.nat(), width: fc.nat(), before: maybe(fc.string()) })),
    }),
  ),
});
const position: fc.Arbitrary<SetPosition> = fc.record({
  snapshot: maybe(moment),
  places: fc.array(place, { maxLength: 12 }),
  claim: fc.record({ completeThrough: maybe(moment), hasGaps: fc.boolean(), isUnknown: fc.boolean() }),
  last: maybe(fc.string()),
  names: maybe(fc.constantFrom({ actor: ['ada', 'bo'] }, { target: [], mailbox: ['x'] })),
});

describe('the token of a set of tenants', () => {
  it('restores every position', () => {
    fc.assert(
      fc.property(position, (one) => {
        expect(tokens.open(tokens.seal(one, 'set', {}), 'set', {})).toEqual(one);
      }),
    );
  });

  it('is bound to its set and query, is not taken for a skip token, and is valid for a day', () => {
    const token = tokens.seal({ places: [], claim: { hasGaps: false, isUnknown: false } }, 'set', { a: 1 });
    const refusalOf = (text: string, set = 'set', query: object = { a: 1 }) => {
      try {
        tokens.open(text, set, query);
      } catch (error) {
        return error instanceof RequestError ? error.code : error;
      }
      return undefined;
    };
    const skipToken = createSkipTokens(keys, clock.now).seal({}, 'set', { a: 1 });
    expect(refusalOf(token)).toBeUndefined();
    expect(refusalOf(token, 'other')).toBe('InvalidSkipToken');
    expect(refusalOf(token, 'set', { a: 2 })).toBe('InvalidSkipToken');
    expect(refusalOf(`${token.slice(0, -2)}xx`)).toBe('InvalidSkipToken');
    expect(refusalOf(skipToken)).toBe('InvalidSkipToken');
    clock.advance(25 * hourMs);
    expect(refusalOf(token)).toBe('InvalidSkipToken');
  });

  it('of 5,000 tenants, some of whose searches were stopped, fits into a row several times', () => {
    const cursor = () => ({ month: '797396', token: randomBytes(150).toString('base64') });
    const places = Array.from({ length: 5000 }, (_, at): TenantPlace => {
      const time = () => new Date(1_772_000_000_000 + Math.floor(Math.random() * 1e9));
      const head = { claim: { completeThrough: time(), hasGaps: false }, head: time() };
      const stopped = {
        cursors: Object.fromEntries(Array.from({ length: 40 }, (__, one) => [one, cursor()])),
      };
      return { tenantId: randomUUID(), ...head, ...(at < 16 ? { stopped } : {}) };
    });
    const token = tokens.seal({ places, claim: { hasGaps: false, isUnknown: false } }, 'set', {});
    expect(deflateRawSync(token).length).toBeLessThan(330_000);
  });
});
