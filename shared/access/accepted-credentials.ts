/** Remembers which credentials were accepted, so that they need not be looked up to know that no one guessed them. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

export interface AcceptedCredentials {
  has(credential: string | null): boolean;
  add(credential: string | null): void;
  remove(credential: string | null): void;
}

/** Those used least recently are forgotten. */
const remembered = 10_000;

/** In this process, as hashes. */
export function createAcceptedCredentials(): AcceptedCredentials {
  const hashes = new LRUCache<string, true>({ max: remembered });
  return {
    has: (credential) => credential !== null && hashes.get(hashOf(credential)) === true,
    add(credential) {
      if (credential !== null) hashes.set(hashOf(credential), true);
    },
    remove(credential) {
      if (credential !== null) hashes.delete(hashOf(credential));
    },
  };
}

function hashOf(credential: string): string {
  return createHash('sha256').update(credential).digest('base64url');
}
