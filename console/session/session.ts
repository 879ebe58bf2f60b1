/**
 * Who is signed in, and how their calls prove it. A credential is in the memory of this page; in the storage of this
 * tab only by choice. Other ways to sign in add a {@link Credential}, and change nothing else.
 */

export interface Credential {
  /** Of the person who is signed in; never the credential itself. */
  readonly label: string;
  /** What proves each call; asked before each, because tokens expire. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** What a reload of this tab can sign in with again; undefined where the way to sign in has a memory of its own. */
  readonly kept?: string;
}

/** Why there is no session: its user ended it, or the API refused the credential. */
export type SignedOut = 'byUser' | 'refused';

type Listener = () => void;
const slot = 'auditkeep.key';

/** A client key. Its first part names it, and is not secret. */
export function keyCredential(key: string): Credential {
  const [, id = 'key'] = /^ak_([A-Za-z0-9]+)/.exec(key) ?? [];
  return { label: `Key ${id.slice(0, 8)}`, headers: () => Promise.resolve({ 'x-api-key': key }), kept: key };
}

/** @param storage of this tab */
export function createSession(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
  const stored = storage.getItem(slot);
  const listeners = new Set<Listener>();
  let credential = stored === null ? undefined : keyCredential(stored);
  let reason: SignedOut | undefined;
  const change = (next: Credential | undefined, why?: SignedOut) => {
    [credential, reason] = [next, why];
    for (const listener of listeners) listener();
  };
  return {
    current: () => credential,
    /** Undefined before the first sign-out. */
    signedOut: () => reason,
    isKept: () => storage.getItem(slot) !== null,
    signIn: (next: Credential) => {
      storage.removeItem(slot);
      change(next);
    },
    /** Whether a reload of this tab stays signed in. */
    keep: (isKept: boolean) => {
      if (isKept && credential?.kept !== undefined) storage.setItem(slot, credential.kept);
      else storage.removeItem(slot);
      change(credential);
    },
    signOut: (why: SignedOut) => {
      storage.removeItem(slot);
      if (credential !== undefined) change(undefined, why);
    },
    subscribe: (listener: Listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
