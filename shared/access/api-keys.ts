/** Client keys: `ak_<id>_<secret>`, of which only a hash is kept. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';

export const scopes = [
  'records.read',
  'tenants.manage',
  'auditing.enable',
  'keys.manage',
  'access.read',
] as const;
export type Scope = (typeof scopes)[number];
export const scopeSchema = z.enum(scopes);

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /**
   * Hex SHA-256 of the secrets, newest first. A secret is 32 random bytes, so a plain hash suffices. The newest one
   * is good as long as the key is, the others until `overlapUntil`.
   */
  readonly secretHashes: readonly string[];
  /** End of the time in which the secrets before the newest one still work; absent before the first rotation. */
  readonly overlapUntil?: Date | undefined;
  /** One tenant's id, or `*`. */
  readonly tenants: string;
  readonly scopes: readonly Scope[];
  readonly createdDateTime: Date;
  readonly expiresDateTime?: Date | undefined;
  readonly lastUsedDateTime?: Date | undefined;
  /** A revoked key stays in the list, so that the access log can still be read; it opens nothing. */
  readonly revokedDateTime?: Date | undefined;
}

/** A key as stored, with the version that changes are made against. */
export interface StoredApiKey extends ApiKey {
  readonly etag: string;
}

export type ApiKeyChanges = Partial<Pick<ApiKey, 'secretHashes' | 'overlapUntil' | 'revokedDateTime'>>;

export interface ApiKeyStore {
  get(id: string): Promise<StoredApiKey | undefined>;
  /** All keys, revoked ones too, in order of id. */
  list(): Promise<readonly StoredApiKey[]>;
  /** @throws when there is a key with this id */
  create(key: ApiKey): Promise<void>;
  /** Changes the named members; false when the key has changed since it was read, and nothing is written then. */
  update(key: StoredApiKey, changes: ApiKeyChanges): Promise<boolean>;
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
  const { hash, text } = newSecret(id);
  return { key: { ...options, id, secretHashes: [hash], createdDateTime: now }, text };
}

/** A new secret for a key: its hash to store, and the text to show once. */
export function newSecret(id: string): { hash: string; text: string } {
  // `_` separates the parts, so it must not occur in the secret.
  const secret = randomBytes(32).toString('base64url').replaceAll('_', '-');
  return { hash: hashSecret(secret), text: `ak_${id}_${secret}` };
}

/** Whether a key opens anything at all at this moment. */
export function isLive(key: ApiKey, now: Date): boolean {
  if (key.revokedDateTime !== undefined) return false;
  return key.expiresDateTime === undefined || key.expiresDateTime > now;
}

/** Whether it is one of the secrets that work at this moment; takes the same time whether or not it is right. */
export function secretMatches(key: ApiKey, secret: string, now: Date): boolean {
  const presented = Buffer.from(hashSecret(secret), 'hex');
  const live = isOverlapping(key, now) ? key.secretHashes : key.secretHashes.slice(0, 1);
  return live.filter((hash) => timingSafeEqual(Buffer.from(hash, 'hex'), presented)).length > 0;
}

/** Whether secrets before the newest one still work. */
export function isOverlapping(key: ApiKey, now: Date): boolean {
  return key.overlapUntil !== undefined && key.overlapUntil > now;
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
