/** Signed tokens for one purpose in one tenant. They expire soon and are revoked with the key that got them. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import { isLive, type ApiKeyStore, type Scope } from './api-keys.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import { ownerOfSet } from './owner.ts';
import { callerWith, tenantsOf, type Caller } from './caller.ts';
import { contains, containsId, readSet } from './tenant-set.ts';
import { createKeyCache } from './key-cache.ts';
import { WrongSecretError } from './refusals.ts';
import { createSigner } from './signer.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What a token allows. */
export interface Capability {
  readonly purpose: 'readFeed' | 'readResult' | 'deleteSubscription';
  /** Undefined for a set of tenants, of which the holder sees what the caller who got the token may read. */
  readonly tenantId: string | undefined;
  /** What exactly, depending on the purpose: a query, an operation, an id. */
  readonly subject: string;
}

export interface Capabilities {
  /** A token for a caller who may do this now; anyone who holds it may do it as well. */
  grant(caller: Caller, capability: Capability): string;
  /** Whether we signed the token for this purpose, though it may have expired or been revoked; nothing is looked up. */
  isOurs(token: string, capability: Pick<Capability, 'purpose'>): boolean;
  /**
   * The caller that a token represents, limited to this one capability.
   * @throws RequestError 401, the same for every reason; a {@link WrongSecretError} for a token that is ours
   */
  redeem(token: string, capability: Capability): Promise<Caller>;
  /**
   * Whether the caller may still read the tenants. Always true for Entra ID callers, which cannot be checked.
   * @param tenants one tenant's ID, or all that the caller might read before, as `tenantsOf` gave them
   */
  mayStillRead(callerId: string, tenants: string): Promise<boolean>;
  /** As {@link Capabilities.mayStillRead}, for all of these scopes. A change of a key is noticed within a minute. */
  mayStill(callerId: string, scopes: readonly Scope[], tenants: string): Promise<boolean>;
}

export interface CapabilityDeps {
  readonly signingKeys: SigningKeys;
  readonly keys: Pick<ApiKeyStore, 'get'>;
  /** Read for keys that are bound to tags. */
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly now: () => Date;
}

const schema = z.object({
  v: z.literal(1),
  /**
   * The tenant. For several, `owner:` and the owner of what the key is bound to: addresses are kept in histories of runs, which
   * must not list customers. Of callers of Entra ID, who cannot be looked up, `set:` and what they might read.
   */
  t: z.string(),
  /** Subject. */
  s: z.string(),
  /** Caller. */
  c: z.string(),
  /** Expiry, epoch seconds. */
  x: z.number(),
});

const setPrefix = 'set:';
const ownerPrefix = 'owner:';

const dayMs = 24 * 60 * 60_000;
const lifetimesMs: Readonly<Record<Capability['purpose'], number>> = {
  /** Every poll of a feed returns a new one. A flow that pauses for longer needs its connection's key once. */
  readFeed: 30 * dayMs,
  /** As long as an export is kept. */
  readResult: 7 * dayMs,
  /** A flow may be deleted after years and must then still be able to end its subscription. */
  deleteSubscription: 20 * 365 * dayMs,
};
/** Entra ID does not notify us when a user loses a role. */
const entraLifetimeMs = dayMs;

export function createCapabilities({ signingKeys, keys, tenants: store, now }: CapabilityDeps): Capabilities {
  const signerOf = (purpose: string) => createSigner(signingKeys, `capability ${purpose}`, schema);
  const cache = createKeyCache(keys, now);
  const mayStill: Capabilities['mayStill'] = async (callerId, scopes, set) => {
    if (isFromEntra(callerId)) return true;
    const key = (await cache.fetch(callerId))?.key;
    if (key === undefined || !isLive(key, now())) return false;
    if (!scopes.every((scope) => key.scopes.includes(scope))) return false;
    if (key.tenants === set || containsId(key.tenants, set)) return true;
    const tenant = readSet(key.tenants).tags.size === 0 ? undefined : await store.get(set);
    return tenant !== undefined && contains(key.tenants, tenant);
  };
  /** What the token is for; undefined if its key is unknown, or is for other tenants now. */
  const tenantsIn = async ({ t, c }: z.output<typeof schema>): Promise<string | undefined> => {
    if (t.startsWith(setPrefix)) return t.slice(setPrefix.length);
    if (!t.startsWith(ownerPrefix)) return t;
    const key = (await cache.fetch(c))?.key;
    return key !== undefined && t === `${ownerPrefix}${ownerOfSet(key.tenants)}` ? key.tenants : undefined;
  };
  const mayStillRead = async (callerId: string, set: string) =>
    await mayStill(callerId, ['records.read'], set);
  return {
    mayStill,
    mayStillRead,
    grant(caller, { purpose, tenantId, subject }) {
      const { id } = caller;
      const until = now().getTime() + lifetimeMs(purpose, id);
      return signerOf(purpose).sign({
        v: 1,
        t: tenantId ?? setOf(caller),
        s: shortSubject(subject),
        c: id,
        x: Math.floor(until / 1000),
      });
    },
    isOurs: (token, { purpose }) => signerOf(purpose).open(token) !== undefined,
    async redeem(token, { purpose, tenantId, subject }) {
      const opened = signerOf(purpose).open(token);
      if (opened === undefined) throw new RequestError(401, 'Unauthorized', noLongerValid);
      const { t, s, c, x } = opened;
      const isSame = s === shortSubject(subject) || s === subject;
      const isOfThese = tenantId === undefined ? isOfSet(t) : t === tenantId.toLowerCase();
      if (!isOfThese || !isSame || x * 1000 < now().getTime()) throw refused();
      const tenants = await tenantsIn(opened);
      if (tenants === undefined) throw refused();
      // Deleting reveals nothing, so the token works even if the key that got it was revoked.
      if (purpose !== 'deleteSubscription' && !(await mayStillRead(c, tenants))) throw refused();
      return callerWith(c, { tenants, scopes: ['records.read'] });
    },
  };
}

function setOf(caller: Caller): string {
  const tenants = tenantsOf(caller, 'records.read') ?? '';
  return isFromEntra(caller.id) ? `${setPrefix}${tenants}` : `${ownerPrefix}${ownerOfSet(tenants)}`;
}

function isOfSet(t: string): boolean {
  return t.startsWith(setPrefix) || t.startsWith(ownerPrefix);
}

function lifetimeMs(purpose: Capability['purpose'], callerId: string): number {
  const mayOutlive = purpose === 'deleteSubscription';
  return isFromEntra(callerId) && !mayOutlive ? entraLifetimeMs : lifetimesMs[purpose];
}

/** The subject of a long question is a hash: the address holds the question itself. Older tokens hold it, too. */
function shortSubject(subject: string): string {
  if (subject.length <= 60) return subject;
  return `sha256:${createHash('sha256').update(subject).digest('base64url')}`;
}

/** Callers whose current permissions cannot be checked. */
export function isFromEntra(callerId: string): boolean {
  return callerId.startsWith('entra:');
}

const noLongerValid =
  'This address is no longer valid. Send a client key in the header x-api-key, or start again.';

/** Not a guess: it must not count against others in the same network. */
function refused(): RequestError {
  return new WrongSecretError(noLongerValid, {});
}
