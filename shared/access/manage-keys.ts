/** Creates, rotates and revokes client keys. */
import pMap from 'p-map';
import * as z from 'zod';
import { invalidParameter, RequestError } from '../errors.ts';
import { retryConflict } from '../retry.ts';
import { tagSchema } from '../tenants/tags.ts';
import { tenantIdSchema } from '../tenants/tenant.ts';
import type { Access } from './access.ts';
import {
  isLive,
  isOverlapping,
  newApiKey,
  newSecret,
  scopeSchema,
  uselessScopes,
  type ApiKey,
  type ApiKeyStore,
  type Scope,
  type StoredApiKey,
} from './api-keys.ts';
import { seesAll, type Caller } from './caller.ts';
import { allTenants, canonicalSet, readSet, tagIn, tagsWithoutTenants, termOfTag } from './tenant-set.ts';
import { entityTag, namesTag } from '../http/conditional.ts';

export interface ManageKeysDeps {
  readonly keys: ApiKeyStore;
  readonly access: Access;
  readonly now: () => Date;
}

const maxBoundTenants = 100;

/** A set of tenants. Domains are refused: what is known of them may be a day old, and a key lasts. */
const boundTenants = z.string().transform((text, context) => {
  const terms = text.split(',').map((term) => termOf(term.trim()));
  const known = terms.filter((term) => term !== undefined);
  if (known.length === terms.length && terms.length <= maxBoundTenants) return canonicalSet(known);
  context.addIssue(
    `must be the ID of a tenant, a tag such as tag:gold, up to ${maxBoundTenants} of them, or *: a domain may have moved to another one. GET /tenants lists the IDs`,
  );
  return z.NEVER;
});

function termOf(term: string): string | undefined {
  if (term === allTenants) return term;
  const tag = tagIn(term);
  if (tag === undefined) return tenantIdSchema.safeParse(term).data;
  const parsed = tagSchema.safeParse(tag).data;
  return parsed === undefined ? undefined : termOfTag(parsed);
}

export const newKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(100).meta({ description: 'Who or what will use the key.' }),
  tenants: boundTenants.meta({
    description: "Tenants' IDs and tags, such as tag:gold, separated by commas; * for all.",
    wire: { type: 'string' },
  }),
  scopes: z
    .array(scopeSchema)
    .min(1)
    .transform((given) => [...new Set(given)])
    .meta({ description: 'What the key may do.' }),
  expiresDateTime: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional()
    .meta({ description: 'When the key expires. Absent: it does not expire.' }),
});
export type NewKey = z.output<typeof newKeySchema>;

const defaultOverlapHours = 24;
const maxOverlapHours = 30 * 24;
const hourMs = 60 * 60_000;
const tenantsAtOnce = 16;

export const rotationSchema = z.strictObject({
  /** How long the previous secret continues to work. */
  overlapHours: z
    .number()
    .min(0)
    .max(maxOverlapHours)
    .default(defaultOverlapHours)
    .meta({ description: 'Hours for which the previous secret continues to work.' }),
});

/** A key with its text, which is shown only once. */
export interface IssuedKey {
  readonly key: ApiKey;
  readonly text: string;
}

export interface CreatedKey extends IssuedKey {
  /** Tags that the key is for, and that no tenant has yet. */
  readonly tagsWithoutTenants: readonly string[];
}

/**
 * Creates a key whose scopes do not exceed the caller's.
 * @throws RequestError 403 for scopes that the caller does not hold, 400 for those that the key could not use, 404 for a
 * tenant that does not exist
 */
export async function createKey(deps: ManageKeysDeps, caller: Caller, wanted: NewKey): Promise<CreatedKey> {
  deps.access.requireAllTenants(caller, 'keys.manage');
  checkHeld(caller, wanted.scopes);
  checkUseful(wanted);
  await openBound(deps, caller, wanted.tenants);
  const now = deps.now();
  if (wanted.expiresDateTime !== undefined && wanted.expiresDateTime <= now) {
    throw invalidParameter('expiresDateTime', "'expiresDateTime' must be in the future.");
  }
  const issued = newApiKey({ expiresDateTime: undefined, ...wanted }, now);
  const unused = await unusedTags(deps, caller, wanted.tenants);
  await deps.keys.create(issued.key);
  return { ...issued, tagsWithoutTenants: unused };
}

async function unusedTags({ access }: ManageKeysDeps, caller: Caller, tenants: string) {
  if (readSet(tenants).tags.size === 0) return [];
  return tagsWithoutTenants(tenants, await access.visibleTenants(caller, 'keys.manage'));
}

/** A tag need not have tenants yet. @throws RequestError 404 for the ID of a tenant that does not exist */
async function openBound({ access }: ManageKeysDeps, caller: Caller, tenants: string): Promise<void> {
  const ids = [...readSet(tenants).ids];
  await pMap(ids, (id) => access.openTenant(caller, id, 'keys.manage'), { concurrency: tenantsAtOnce });
}

/** A change to one version of a key, or to any version. */
export interface KeyChange {
  readonly id: string;
  /** Header `If-Match`. */
  readonly ifMatch: string | null;
}

/**
 * Gives a key a new secret. The previous one continues to work for the overlap; one from an earlier rotation stops
 * working now, so two rotations invalidate a leaked secret.
 * @throws RequestError 404, 403 as {@link createKey}, 409 for a key that is revoked or expired, 412
 */
export async function rotateKey(
  deps: ManageKeysDeps,
  caller: Caller,
  { overlapHours, ...change }: KeyChange & z.output<typeof rotationSchema>,
): Promise<IssuedKey> {
  deps.access.requireAllTenants(caller, 'keys.manage');
  const { hash, text } = newSecret(change.id);
  return await retryConflict('key', async () => {
    const key = await openKey(deps, change.id);
    // This call gave it the secret, and the answer was lost: a second one would end the secret that is in use.
    if (key.secretHashes[0] === hash) return { key, text };
    checkHeld(caller, key.scopes);
    checkVersion(key, change.ifMatch);
    if (!isLive(key, deps.now())) {
      throw new RequestError(409, 'KeyEnded', 'The key was revoked or has expired. Create a new one.');
    }
    const overlapUntil = new Date(deps.now().getTime() + overlapHours * hourMs);
    const changes = { secretHashes: [hash, ...key.secretHashes.slice(0, 1)], overlapUntil };
    return (await deps.keys.update(key, changes)) ? { key: { ...key, ...changes }, text } : undefined;
  });
}

/** Revokes a key. Succeeds if the key has already ended. @throws RequestError 404, 403, 412 */
export async function revokeKey(deps: ManageKeysDeps, caller: Caller, change: KeyChange): Promise<void> {
  deps.access.requireAllTenants(caller, 'keys.manage');
  await retryConflict('key', async () => {
    const key = await openKey(deps, change.id);
    if (key.revokedDateTime !== undefined) return true;
    checkVersion(key, change.ifMatch);
    const changes = { secretHashes: [], revokedDateTime: deps.now() };
    return (await deps.keys.update(key, changes)) ? true : undefined;
  });
}

const idPattern = /^[0-9a-f]{16}$/;

/** Invalid ids are not looked up: storage would reject some characters. @throws RequestError 404 */
async function openKey({ keys }: ManageKeysDeps, id: string): Promise<StoredApiKey> {
  const key = idPattern.test(id) ? await keys.get(id) : undefined;
  if (key !== undefined) return key;
  throw new RequestError(404, 'KeyNotFound', 'There is no key with this ID. GET /keys lists them.');
}

function checkHeld(caller: Caller, wanted: readonly Scope[]): void {
  const missing = wanted.filter((scope) => !seesAll(caller, scope));
  if (missing.length === 0) return;
  const message = `You cannot grant scopes that you do not have: ${missing.join(', ')}. Leave them out.`;
  throw new RequestError(403, 'Forbidden', message, { target: 'scopes' });
}

function checkUseful(wanted: NewKey): void {
  const useless = uselessScopes(wanted).join(', ');
  if (useless === '') return;
  const message = `Only keys of all tenants can use ${useless}. Leave that out of 'scopes', or set 'tenants' to *.`;
  throw invalidParameter('scopes', message);
}

function checkVersion(key: StoredApiKey, ifMatch: string | null): void {
  if (ifMatch === null || namesTag(ifMatch, keyTag(key))) return;
  const message = 'The key was modified since you read it. Read it again before you change it.';
  throw new RequestError(412, 'PreconditionFailed', message, { target: 'If-Match' });
}

/** Changes with everything but the time of the last use. */
export function keyTag({ id, secretHashes, overlapUntil, revokedDateTime }: ApiKey): string {
  return entityTag(JSON.stringify([id, secretHashes, overlapUntil, revokedDateTime]));
}

/** The public members of a key: never its secrets or their hashes. */
export function publicKey(key: ApiKey, now: Date) {
  const { id, name, tenants, scopes } = key;
  return {
    id,
    name,
    tenants,
    scopes,
    status: statusOf(key, now),
    createdDateTime: key.createdDateTime.toISOString(),
    expiresDateTime: key.expiresDateTime?.toISOString(),
    lastUsedDateTime: key.lastUsedDateTime?.toISOString(),
    revokedDateTime: key.revokedDateTime?.toISOString(),
    previousSecretExpiresDateTime: isOverlapping(key, now) ? key.overlapUntil?.toISOString() : undefined,
    etag: keyTag(key),
  };
}

function statusOf(key: ApiKey, now: Date): 'Live' | 'Expired' | 'Revoked' {
  if (key.revokedDateTime !== undefined) return 'Revoked';
  return isLive(key, now) ? 'Live' : 'Expired';
}
