/**
 * Who is signed in, and how their calls prove it. A credential is in the memory of this page; in the storage of this
 * tab only by choice. Other ways to sign in add a {@link Credential}, and change nothing else.
 */
import type { NotSignedIn } from './why-not.ts';

export interface Credential {
  /** Of the person who is signed in; never the credential itself. */
  readonly label: string;
  /** What proves each call; asked before each, because tokens expire. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** What a reload of this tab can sign in with again; undefined where the way to sign in has a memory of its own. */
  readonly kept?: string;
  /** Forgets what this way to sign in keeps in the tab; called when the session ends. */
  readonly forget?: () => void;
}

/** What did not become a session: a link without a key that could be one, a sign-in elsewhere. */
type Failed = 'malformedLink' | NotSignedIn;

/** Why there is no session: its user ended it, the API refused the key or the account, or the sign-in elsewhere ended. */
export type SignedOut = 'byUser' | 'refused' | 'ended' | Failed;

export type Session = ReturnType<typeof createSession>;

/** The part of the storage of a tab that is used. */
interface TabStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

type Listener = () => void;
const slot = 'auditkeep.key';

/** A client key. Its first part names it, and is not secret. */
export function keyCredential(key: string): Credential {
  const [, id = 'key'] = /^ak_([A-Za-z0-9]+)/.exec(key) ?? [];
  return { label: `Key ${id.slice(0, 8)}`, headers: () => Promise.resolve({ 'x-api-key': key }), kept: key };
}

/** @param storage of this tab */
export function createSession(storage: TabStorage) {
  const stored = storage.getItem(slot);
  const listeners = new Set<Listener>();
  let credential = stored === null ? undefined : keyCredential(stored);
  let offered: Credential | undefined;
  let reason: SignedOut | undefined;
  let answer: string | undefined;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const change = (next: Credential | undefined, why?: SignedOut, code?: string) => {
    if (next !== credential) credential?.forget?.();
    [credential, offered, reason, answer] = [next, undefined, why, code];
    tell();
  };
  const signIn = (next: Credential) => {
    storage.removeItem(slot);
    change(next);
  };
  return {
    current: () => credential,
    /** Undefined before the first sign-out. */
    signedOut: () => reason,
    /** The code of the service that refused the sign-in, for administrators. */
    answered: () => answer,
    isKept: () => storage.getItem(slot) !== null,
    signIn,
    /** Another credential than the one of the session, which its user has not decided about. */
    offered: () => offered,
    /** Of a link: signs in where no one is, and waits for a decision where someone is. */
    offer: (next: Credential) => {
      if (credential === undefined) signIn(next);
      else if (credential.kept === undefined || credential.kept !== next.kept) {
        offered = next;
        tell();
      }
    },
    decline: () => {
      offered = undefined;
      tell();
    },
    /** Says what went wrong; a session is not touched by it. @param code of the service that refused it */
    fail: (why: Failed, code?: string) => {
      if (credential === undefined) change(undefined, why, code);
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
