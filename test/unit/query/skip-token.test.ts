/** Tokens of next links cannot be forged, altered or borrowed. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../../shared/errors.ts';
import type { RecordFilters } from '../../../shared/query/filters.ts';
import type { QueryPosition } from '../../../shared/query/record-page.ts';
import { createSkipTokens } from '../../../shared/query/skip-token.ts';
import { createClock, hourMs } from '../../support/clock.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const clock = createClock();
const tokens = createSkipTokens([randomBytes(32)], clock.now);
const filters: RecordFilters = { users: ['ada@contoso.example'], from: new Date('2026-03-01') };
const position: QueryPosition = { cursors: { '0': { past: '8227557152876_x-1' } } };

function refusalOf(token: string, tenantId = fabrikamId, asked: RecordFilters = filters): unknown {
  try {
    return tokens.open(token, tenantId, asked);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { status: error.status, code: error.code, target: error.target };
  }
}

const invalid = { status: 400, code: 'InvalidSkipToken', target: 'skiptoken' };

describe('a skip token', () => {
  it('restores any position for the same tenant and filters', () => {
    const text = fc.string({ unit: 'binary' });
    const moment = fc.option(fc.date({ noInvalidDate: true }), { nil: undefined });
    const cursor = fc.oneof(fc.record({ past: text }), fc.record({ month: text, token: text }));
    const anyPosition = fc.record({
      snapshot: moment,
      completeThrough: moment,
      countedTo: moment,
      cursors: fc.option(
        fc.dictionary(fc.stringMatching(/^[\w.-]{1,12}$/), cursor, { noNullPrototype: true }),
        {
          nil: undefined,
        },
      ),
      slice: fc.option(
        fc.record({ lower: fc.nat(), width: fc.nat(), before: fc.option(text, { nil: undefined }) }),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(anyPosition, (where) => {
        expect(tokens.open(tokens.seal(where, fabrikamId, filters), fabrikamId, filters)).toEqual(where);
      }),
    );
  });

  it('ignores the order of filters and absent ones', () => {
    const token = tokens.seal(position, fabrikamId, filters);
    const { users, from } = filters;
    expect(refusalOf(token, fabrikamId, { to: undefined, from, users })).toEqual(position);
  });

  it('needs no escaping in a URL', () => {
    expect(tokens.seal(position, fabrikamId, filters)).toMatch(/^[\w.-]+$/);
  });

  it('is refused if any byte of its content or signature is altered', () => {
    const token = tokens.seal(position, fabrikamId, filters);
    const [payload = '', signature = ''] = token.split('.');
    fc.assert(
      fc.property(fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 255 }), (inPayload, at, change) => {
        const bytes = Buffer.from(inPayload ? payload : signature, 'base64url');
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ change;
        const altered = bytes.toString('base64url');
        expect(refusalOf(inPayload ? `${altered}.${signature}` : `${payload}.${altered}`)).toEqual(invalid);
      }),
    );
  });

  it('is refused if it is longer or shorter', () => {
    const token = tokens.seal(position, fabrikamId, filters);
    for (const altered of [token.slice(1), token.slice(0, -2), `${token}AA`, `${token}.more`, `.${token}`]) {
      expect([altered, refusalOf(altered)]).toEqual([altered, invalid]);
    }
  });

  it('is refused if it is anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(refusalOf(text)).toEqual(invalid);
      }),
    );
    for (const text of ['', '.', '..', 'e30.', `e30.${'A'.repeat(43)}`])
      expect(refusalOf(text)).toEqual(invalid);
  });

  it('is refused under another key', () => {
    const foreign = createSkipTokens([randomBytes(32)], clock.now).seal(position, fabrikamId, filters);
    expect(refusalOf(foreign)).toEqual(invalid);
  });

  it('is refused for another tenant', () => {
    expect(refusalOf(tokens.seal(position, fabrikamId, filters), adatumId)).toEqual(invalid);
  });

  it.each<[string, RecordFilters]>([
    ['fewer', { users: filters.users }],
    ['more', { ...filters, operations: ['Send'] }],
    ['another user', { ...filters, users: ['bo@contoso.example'] }],
    ['one user more', { ...filters, users: ['ada@contoso.example', 'bo'] }],
    ['another moment', { ...filters, from: new Date('2026-03-02') }],
    ['to instead of from', { users: filters.users, to: filters.from }],
    ['the user as an object', { objectId: ['ada@contoso.example'], from: filters.from }],
  ])('is refused for other filters: %s', (_, other) => {
    expect(refusalOf(tokens.seal(position, fabrikamId, filters), fabrikamId, other)).toEqual(invalid);
  });

  it('is refused a day later', () => {
    const token = tokens.seal(position, fabrikamId, filters);
    clock.advance(24 * hourMs - 1000);
    expect(refusalOf(token)).toEqual(position);
    clock.advance(2000);
    expect(refusalOf(token)).toEqual(invalid);
  });
});
