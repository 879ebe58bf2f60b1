/** Client keys: `ak_<id>_<secret>`, of which only a hash is kept. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

export const scopes = ['records.read', 'tenants.manage', 'auditing.enable'] as const;
export type Scope = (typeof scopes)[number];
export const scopeSchema = z.enum(scopes);

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** Hex SHA-256 of each live secret: two while a key is being rotated. A secret is 32 random bytes, so a plain hash suffices. */
  readonly secretHashes: readonly string[];
  /** One tenant's id, or `*`. */
  readonly tenants: string;
  readonly scopes: readonly Scope[];
  readonly createdDateTime: Date;
  readonly expiresDateTime?: Date | undefined;
  readonly lastUsedDateTime?: Date | undefined;
}

export interface ApiKeyStore {
  get(id: string): Promise<ApiKey | undefined>;
  create(key: ApiKey): Promise<void>;
  /** Remembers that a key was used. */
  touch(id: string, usedAt: Date): Promise<void>;
}

/** What a client sends, taken apart. */
export interface PresentedKey {
  readonly id: string;
  readonly secret: string;
}

const pattern = /^ak_([0-9a-f]{16})_([A-Za-z0-9-]{43,64})$/;

/** Undefined for anything that is no key of ours. */
export function parseApiKey(text: string): PresentedKey | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : { id: match[1] ?? '', secret: match[2] ?? '' };
}

/** A new key: what to store, and the text to show once. */
export function newApiKey(
  options: Pick<ApiKey, 'name' | 'tenants' | 'scopes' | 'expiresDateTime'>,
  now: Date,
): { key: ApiKey; text: string } {
  const id = randomBytes(8).toString('hex');
  // `_` separates the parts, so it must not occur in the secret.
  const secret = randomBytes(32).toString('base64url').replaceAll('_', '-');
  return {
    key: { ...options, id, secretHashes: [hashSecret(secret)], createdDateTime: now },
    text: `ak_${id}_${secret}`,
  };
}

/** Takes the same time whether or not the secret is right. */
export function secretMatches(key: ApiKey, secret: string): boolean {
  const presented = Buffer.from(hashSecret(secret), 'hex');
  return key.secretHashes.filter((hash) => timingSafeEqual(Buffer.from(hash, 'hex'), presented)).length > 0;
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
