import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newApiKey, parseApiKey, secretMatches } from '../../../shared/access/api-keys.ts';

const now = new Date('2026-03-10T12:00:00Z');
const options = { name: 'Portal', tenants: '*', scopes: ['records.read'] } as const;
const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

describe('a new key', () => {
  it('is shown as ak_<id>_<secret> and stored without its secret', () => {
    for (let made = 0; made < 200; made++) {
      const { key, text } = newApiKey(options, now);
      const presented = parseApiKey(text);
      expect(text).toMatch(/^ak_[0-9a-f]{16}_[A-Za-z0-9-]{43}$/);
      expect(presented?.id).toBe(key.id);
      expect(JSON.stringify(key)).not.toContain(presented?.secret);
      expect(key.secretHashes).toEqual([hashOf(presented?.secret ?? '')]);
    }
  });

  it('is different each time', () => {
    const texts = Array.from({ length: 50 }, () => newApiKey(options, now).text);
    expect(new Set(texts).size).toBe(50);
  });

  it('has the name, tenants and scopes it was created with', () => {
    const expiresDateTime = new Date('2027-01-01T00:00:00Z');
    const { key } = newApiKey({ ...options, expiresDateTime }, now);
    expect(key).toMatchObject({ ...options, expiresDateTime, createdDateTime: now });
  });
});

describe('reading a presented key', () => {
  it('never throws, and returns undefined for a text that is not a key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(parseApiKey(text)).toBeUndefined();
      }),
    );
  });

  it.each(['', 'ak_', 'ak__', 'AK_0123456789abcdef_', `ak_0123456789abcdeg_${'x'.repeat(43)}`])(
    'refuses %j',
    (text) => {
      expect(parseApiKey(text)).toBeUndefined();
    },
  );

  it('refuses a key with anything before, after or within it', () => {
    const { text } = newApiKey(options, now);
    for (const other of [` ${text}`, `${text}\n`, `${text} `, text.replace('_', '__'), text.slice(0, -1)]) {
      expect(parseApiKey(other)).toBeUndefined();
    }
  });
});

describe('comparing secrets', () => {
  it('accepts any of the valid ones and nothing else', () => {
    const { key, text } = newApiKey(options, now);
    const first = parseApiKey(text)?.secret ?? '';
    const overlapUntil = new Date(now.getTime() + 1);
    const rotated = { ...key, secretHashes: [hashOf('second'), ...key.secretHashes], overlapUntil };
    expect(secretMatches(rotated, first, now)).toBe(true);
    expect(secretMatches(rotated, 'second', now)).toBe(true);
    expect(secretMatches(rotated, 'third', now)).toBe(false);
    expect(secretMatches({ ...key, secretHashes: [] }, first, now)).toBe(false);
    expect(secretMatches(key, '', now)).toBe(false);
  });

  it('accepts only the newest one once the overlap is over', () => {
    const { key, text } = newApiKey(options, now);
    const first = parseApiKey(text)?.secret ?? '';
    const rotated = { ...key, secretHashes: [hashOf('second'), ...key.secretHashes] };
    for (const overlapUntil of [now, undefined]) {
      expect(secretMatches({ ...rotated, overlapUntil }, first, now)).toBe(false);
      expect(secretMatches({ ...rotated, overlapUntil }, 'second', now)).toBe(true);
    }
  });

  it('refuses a secret with one changed character', () => {
    const { key, text } = newApiKey(options, now);
    const secret = parseApiKey(text)?.secret ?? '';
    fc.assert(
      fc.property(fc.nat(secret.length - 1), (at) => {
        const changed = secret[at] === 'x' ? 'y' : 'x';
        expect(secretMatches(key, `${secret.slice(0, at)}${changed}${secret.slice(at + 1)}`, now)).toBe(
          false,
        );
      }),
    );
  });
});
