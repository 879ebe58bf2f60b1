/** Client keys: `ak_<id>_<secret>`. Only a hash of the secret is stored. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { sha256Of } from '../sha256.ts';
import { storedDate } from '../stored-date.ts';
import { readSet } from './tenant-set.ts';

export const scopes = [
  'records.read',
  'records.import',
  'tenants.manage',
  'tenants.purge',
  'auditing.enable',
  'keys.manage',
  'access.read',
] as const;
export type Scope = (typeof scopes)[number];
export const scopeSchema = z.enum(scopes).meta({ id: 'Scope' });

const scopesOfAllTenants: readonly Scope[] = ['keys.manage', 'tenants.purge'];

/** The scopes that allow nothing to a key that is bound to some tenants. */
export function uselessScopes({
  tenants,
  scopes: wanted,
}: Pick<ApiKey, 'tenants' | 'scopes'>): readonly Scope[] {
  return readSet(tenants).isAll ? [] : wanted.filter((scope) => scopesOfAllTenants.includes(scope));
}

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  /**
   * Hex SHA-256 of the secrets, newest first. A secret is 32 random bytes, so a plain hash suffices. The newest one
   * works as long as the key does, the others until `overlapUntil`.
   */
  secretHashes: z.array(z.string()).readonly(),
  /** When secrets older than the newest one stop working; absent before the first rotation. */
  overlapUntil: storedDate.optional(),
  /** A set of tenants, as `canonicalSet` writes it. */
  tenants: z.string(),
  scopes: z.array(scopeSchema).readonly(),
  createdDateTime: storedDate,
  expiresDateTime: storedDate.optional(),
  lastUsedDateTime: storedDate.optional(),
  /** A revoked key stays in the list, so that the access log can still be read; it grants no access. */
  revokedDateTime: storedDate.optional(),
});
export type ApiKey = Readonly<z.output<typeof apiKeySchema>>;

/** A key as stored, with the version that changes are made against. */
export interface StoredApiKey extends ApiKey {
  readonly etag: string;
}

export type ApiKeyChanges = Partial<Pick<ApiKey, 'secretHashes' | 'overlapUntil' | 'revokedDateTime'>>;

export interface ApiKeyStore {
  get(id: string): Promise<StoredApiKey | undefined>;
  /** All keys, including revoked ones, in order of id. */
  list(): Promise<readonly StoredApiKey[]>;
  /** @throws when a key with this id exists */
  create(key: ApiKey): Promise<void>;
  /** Changes the named members; false, with nothing written, when the key has changed since it was read. */
  update(key: StoredApiKey, changes: ApiKeyChanges): Promise<boolean>;
  /** Remembers that a key was used. */
  touch(id: string, usedAt: Date): Promise<void>;
}

const pattern = /^ak_([0-9a-f]{16})_([A-Za-z0-9-]{43,64})$/;

/** Undefined for any text that does not have the form of a client key. */
export function parseApiKey(text: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = pattern.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
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
  return { hash: sha256Of(secret), text: `ak_${id}_${secret}` };
}

/** Whether a key is neither revoked nor expired at this time. */
export function isLive(key: ApiKey, now: Date): boolean {
  if (key.revokedDateTime !== undefined) return false;
  return key.expiresDateTime === undefined || key.expiresDateTime > now;
}

/** Whether the secret is one that currently works. The time taken does not depend on the answer. */
export function secretMatches(key: ApiKey, secret: string, now: Date): boolean {
  const presented = Buffer.from(sha256Of(secret), 'hex');
  const live = isOverlapping(key, now) ? key.secretHashes : key.secretHashes.slice(0, 1);
  return live.filter((hash) => timingSafeEqual(Buffer.from(hash, 'hex'), presented)).length > 0;
}

/** Whether secrets older than the newest one still work. */
export function isOverlapping(key: ApiKey, now: Date): boolean {
  return key.overlapUntil !== undefined && key.overlapUntil > now;
}
