/** SHA-256 of what is whole in memory. */
import { createHash } from 'node:crypto';

/** SHA-256 in hex, 64 digits. @param content bytes, or a text, which is hashed as UTF-8 */
export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
