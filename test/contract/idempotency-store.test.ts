/** The promises about requests with idempotency keys, kept in memory and on Table Storage. */
import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createIdempotencyStore } from '../../shared/adapters/tables/idempotency-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createFakeIdempotencyStore } from '../support/fakes/idempotency-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const at = new Date('2026-03-10T12:00:00.000Z');
const newId = () => createHash('sha256').update(randomUUID()).digest('hex');
const answer = Buffer.from([0, 255, 1, 2, 3]);

describe.each([
  { where: 'in memory', open: createFakeIdempotencyStore },
  { where: 'on Table Storage', open: () => createIdempotencyStore(createTables(storage())) },
])('requests with keys $where', ({ open }) => {
  it('are accepted once, and later requests get the stored answer', async () => {
    const [store, id] = [open(), newId()];
    expect(await store.hold(id, { fingerprint: 'first', at })).toBeUndefined();
    const kept = await store.hold(id, { fingerprint: 'second', at: new Date(0) });
    expect(kept).toMatchObject({ fingerprint: 'first', at });
    expect(kept?.answer).toBeUndefined();
  });

  it('keep their answer byte for byte', async () => {
    const [store, id] = [open(), newId()];
    await store.hold(id, { fingerprint: 'first', at });
    await store.finish(id, answer);
    const kept = await store.hold(id, { fingerprint: 'first', at });
    expect(Buffer.from(kept?.answer ?? [])).toEqual(answer);
  });

  it('are taken over only if unchanged, and then without an answer', async () => {
    const [store, id] = [open(), newId()];
    await store.hold(id, { fingerprint: 'first', at });
    const seen = await store.hold(id, { fingerprint: 'second', at });
    await store.finish(id, answer);
    expect(await store.takeOver(id, { fingerprint: 'second', at }, seen?.etag ?? '')).toBe(false);
    const finished = await store.hold(id, { fingerprint: 'second', at });
    expect(await store.takeOver(id, { fingerprint: 'second', at }, finished?.etag ?? '')).toBe(true);
    const kept = await store.hold(id, { fingerprint: 'third', at });
    expect(kept?.fingerprint).toBe('second');
    expect(kept?.answer).toBeUndefined();
  });

  it('can be used again when they are forgotten', async () => {
    const [store, id] = [open(), newId()];
    await store.forget(id);
    await store.hold(id, { fingerprint: 'first', at });
    await store.forget(id);
    expect(await store.hold(id, { fingerprint: 'second', at })).toBeUndefined();
  });

  it('that are deleted while the request runs keep no answer', async () => {
    const [store, id] = [open(), newId()];
    await store.hold(id, { fingerprint: 'first', at });
    await store.forget(id);
    await store.finish(id, answer);
    expect(await store.hold(id, { fingerprint: 'second', at })).toBeUndefined();
  });

  it('that arrive many times at once are accepted once', async () => {
    const [store, id] = [open(), newId()];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => store.hold(id, { fingerprint: String(index), at })),
    );
    expect(answers.filter((kept) => kept === undefined)).toHaveLength(1);
  });
});

describe('unreachable requests with keys', () => {
  it('fail, and never look new', async () => {
    const store = createIdempotencyStore(createTables(lockedOut(storage())));
    await expect(store.hold(newId(), { fingerprint: 'first', at })).rejects.toThrow();
  });
});
