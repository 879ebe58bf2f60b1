/** Who is signed in, and what a link with a key may change about it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyIn } from '../../../console/session/link.ts';
import { createSession, keyCredential } from '../../../console/session/session.ts';

function createStorage(given: Readonly<Record<string, string>> = {}) {
  const stored = new Map(Object.entries(given));
  return {
    stored,
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  };
}

const [first, second] = ['ak_0123456789abcdef_one', 'ak_fedcba9876543210_two'] as const;

describe('a link', () => {
  it('has the key in its fragment', () => {
    expect(keyIn(`#key=${first}`)).toEqual({ key: first });
  });

  it('without a key is any other address', () => {
    for (const fragment of ['', '#', '#main', '#keys', '#monkey=1']) expect(keyIn(fragment)).toBeUndefined();
  });

  it('is recognized whatever follows its name, so that it is always taken out of the address', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(keyIn(`#key=${text}`)).toBeDefined();
      }),
    );
  });

  it.each([
    '#key=',
    '#key',
    '#KEY=ak_0123456789abcdef_one',
    '#key=ak_with space',
    '#key=wrong',
    `#key=${first}&more=1`,
    `#more=1&key=${first}`,
    `#${first}`,
    `#key=ak_${'a'.repeat(501)}`,
  ])('%s is malformed', (fragment) => {
    expect(keyIn(fragment)).toBe('malformed');
  });
});

describe('a session', () => {
  it('begins with the key of a link where there is none', () => {
    const session = createSession(createStorage());
    session.offer(keyCredential(first));
    expect([session.current()?.kept, session.offered()]).toEqual([first, undefined]);
  });

  it('is not replaced by a link before its user agrees, and stays if its user does not', async () => {
    const session = createSession(createStorage({ 'auditkeep.key': first }));
    session.offer(keyCredential(second));
    expect(session.current()?.kept).toBe(first);
    expect(await session.current()?.headers()).toEqual({ 'x-api-key': first });
    session.decline();
    expect([session.current()?.kept, session.offered(), session.isKept()]).toEqual([first, undefined, true]);
  });

  it('changes to the key of a link when its user agrees, and keeps it in no storage', () => {
    const storage = createStorage({ 'auditkeep.key': first });
    const session = createSession(storage);
    session.offer(keyCredential(second));
    const offered = session.offered();
    if (offered !== undefined) session.signIn(offered);
    expect([session.current()?.kept, session.offered(), storage.stored.size]).toEqual([second, undefined, 0]);
  });

  it('ignores a link with its own key, and an offer ends with the session', () => {
    const session = createSession(createStorage({ 'auditkeep.key': first }));
    session.offer(keyCredential(first));
    expect(session.offered()).toBeUndefined();
    session.offer(keyCredential(second));
    session.signOut('byUser');
    expect([session.current(), session.offered()]).toEqual([undefined, undefined]);
  });

  it('says that a link was malformed until someone signs in', () => {
    const session = createSession(createStorage());
    session.fail('malformedLink');
    expect(session.signedOut()).toBe('malformedLink');
    session.signIn(keyCredential(first));
    session.fail('malformedLink');
    expect([session.current()?.kept, session.signedOut()]).toEqual([first, undefined]);
  });
});
