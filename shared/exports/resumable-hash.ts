/** A SHA-256 that goes on in another process; node:crypto cannot save one. */
import { createSHA256 } from 'hash-wasm';

export interface ResumableHash {
  update(bytes: Uint8Array): void;
  /** Base64; holds up to 63 bytes of what was hashed last, so it is as confidential as that. */
  state(): string;
  /** Lower-case hex; the hash is of no use afterwards. */
  digest(): string;
}

/** Undefined when another version of the library wrote the state: what was hashed has to be hashed anew. */
export async function resumeHash(state: string | undefined): Promise<ResumableHash | undefined> {
  const hasher = await createSHA256();
  try {
    if (state === undefined) hasher.init();
    else hasher.load(Buffer.from(state, 'base64'));
  } catch {
    return undefined;
  }
  return {
    update: (bytes) => void hasher.update(bytes),
    state: () => Buffer.from(hasher.save()).toString('base64'),
    digest: () => hasher.digest(),
  };
}
