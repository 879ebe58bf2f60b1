/** The promises about awaited consents, kept in memory and on Table Storage. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createConsentStore } from '../../shared/adapters/tables/consent-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createFakeConsentStore } from '../support/fakes/consent-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const expiresAt = new Date('2026-03-17T12:00:00.123Z');
const newHash = () => createHash('sha256').update(randomBytes(32)).digest('hex');
const newConsent = () => ({ tenantId: randomUUID(), expiresAt });

describe.each([
  { where: 'in memory', open: () => createFakeConsentStore() },
  { where: 'on Table Storage', open: () => createConsentStore(createTables(storage())) },
])('awaited consents $where', ({ open }) => {
  it('are returned as stored, each under its own state', async () => {
    const store = open();
    const kept = [newConsent(), newConsent()].map((consent) => ({ hash: newHash(), consent }));
    for (const { hash, consent } of kept) await store.create(hash, consent);
    for (const { hash, consent } of kept.toReversed()) expect(await store.take(hash)).toEqual(consent);
  });

  it('are returned once', async () => {
    const store = open();
    const hash = newHash();
    await store.create(hash, newConsent());
    expect(await store.take(hash)).toBeDefined();
    expect(await store.take(hash)).toBeUndefined();
  });

  it('are returned to one of many concurrent calls', async () => {
    const store = open();
    for (let round = 0; round < 5; round++) {
      const hash = newHash();
      await store.create(hash, newConsent());
      const taken = await Promise.all(Array.from({ length: 6 }, () => store.take(hash)));
      expect(taken.filter((consent) => consent !== undefined)).toHaveLength(1);
    }
  });

  it('are absent if none was stored', async () => {
    expect(await open().take(newHash())).toBeUndefined();
    const store = open();
    await store.create(newHash(), newConsent());
    expect(await store.take(newHash())).toBeUndefined();
  });
});

describe('unreachable awaited consents', () => {
  it('fail, and never look absent', async () => {
    const store = createConsentStore(createTables(lockedOut(storage())));
    await expect(store.take(newHash())).rejects.toThrow();
    await expect(store.create(newHash(), newConsent())).rejects.toThrow();
  });
});
