/** A SHA-256 that another process can continue; node:crypto cannot save its state. */
import { createSHA256 } from 'hash-wasm';

export interface ResumableHash {
  update(bytes: Uint8Array): void;
  /** Base64; holds up to 63 bytes of what was hashed last, so it is as confidential as that. */
  state(): string;
  /** Lower-case hex; ends the use of the hash. */
  digest(): string;
}

/** Undefined when another version of the library wrote the state: the bytes must be hashed again. */
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
