/** Signs content that a caller carries for us, and accepts only content that it signed. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type * as z from 'zod';
import type { SigningKeys } from './signing-keys.ts';

export interface Signer<S extends z.ZodType> {
  sign(content: z.input<S>): string;
  /** Undefined for any text that is not exactly what {@link Signer.sign} returned, or that does not fit the schema. */
  open(text: string): z.output<S> | undefined;
}

/** How content is written into a payload. */
interface Packing {
  readonly pack: (json: Buffer) => Buffer;
  readonly unpack: (packed: Buffer) => Buffer;
}

const unpacked: Packing = { pack: (json) => json, unpack: (json) => json };

/**
 * @param purpose a text signed for one purpose is invalid for any other
 */
export function createSigner<S extends z.ZodType>(
  [current, ...previous]: SigningKeys,
  purpose: string,
  schema: S,
  { pack, unpack }: Packing = unpacked,
): Signer<S> {
  const mac = (key: Buffer, payload: string) =>
    createHmac('sha256', key).update(`${purpose}\n${payload}`).digest('base64url');
  return {
    sign(content) {
      const payload = pack(Buffer.from(JSON.stringify(content))).toString('base64url');
      return `${payload}.${mac(current, payload)}`;
    },
    open(text) {
      const [payload = '', ...rest] = text.split('.');
      // Compared as text: decoding would ignore characters added to a signature.
      const signature = rest.join('.');
      const signedBy = [current, ...previous].filter((key) => isSameText(signature, mac(key, payload)));
      if (signedBy.length === 0) return undefined;
      const json = unpack(Buffer.from(payload, 'base64url')).toString('utf8');
      return schema.safeParse(JSON.parse(json)).data;
    },
  };
}

/** The time taken does not depend on where two texts of the same length differ. */
export function isSameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
