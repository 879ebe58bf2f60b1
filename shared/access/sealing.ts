/** Encrypts what is stored, with AES-256-GCM. */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { SigningKeys } from './signing-keys.ts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Keys that encrypt for one purpose only, derived from the signing keys, in their order. */
export function sealingKeys([current, ...previous]: SigningKeys, purpose: string): SigningKeys {
  const derive = (key: Buffer) => createHmac('sha256', key).update(purpose).digest();
  return [derive(current), ...previous.map(derive)];
}

/** Nonce, tag, and encrypted content. @param key 32 bytes */
export function seal(key: Buffer, content: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce);
  const encrypted = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]);
}

/** @throws Error when it was altered, or sealed with none of the keys */
export function unseal(keys: readonly Buffer[], sealed: Buffer): string {
  for (const key of keys) {
    const content = openedWith(key, sealed);
    if (content !== undefined) return content;
  }
  throw new Error('What is sealed was altered, or sealed with another key.');
}

function openedWith(key: Buffer, sealed: Buffer): string | undefined {
  const content = sealed.subarray(nonceBytes + tagBytes);
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes));
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(content), decipher.final()]).toString('utf8');
  } catch {
    // Authentication failed; the error has no further detail.
    return undefined;
  }
}
