/** Signed tokens for one purpose in one tenant. They expire soon and are revoked with the key that got them. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import { isLive, type ApiKeyStore } from './api-keys.ts';
import { maySee, type Caller } from './caller.ts';

/** Signs content that a caller carries for us, and accepts only content that it signed. */
export interface Signer {
  sign(content: unknown): string;
  /** Undefined for any text that is not exactly what {@link Signer.sign} returned for this purpose. */
  open(text: string): unknown;
}

/**
 * @param key at least 32 random bytes
 * @param purpose a text signed for one purpose is invalid for any other
 */
export function createSigner(key: Buffer, purpose: string): Signer {
  const mac = (payload: string) =>
    createHmac('sha256', key).update(`${purpose}\n${payload}`).digest('base64url');
  return {
    sign(content) {
      const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
      return `${payload}.${mac(payload)}`;
    },
    open(text) {
      const [payload = '', ...rest] = text.split('.');
      // Compared as text: decoding would ignore characters added to a signature.
      const [presented, expected] = [Buffer.from(rest.join('.')), Buffer.from(mac(payload))];
      if (presented.length !== expected.length || !timingSafeEqual(presented, expected)) return undefined;
      const content: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
      return content;
    },
  };
}

/** What a token allows. */
export interface Capability {
  readonly purpose: 'readFeed' | 'readResult' | 'deleteSubscription';
  readonly tenantId: string;
  /** What exactly, depending on the purpose: a query, an operation, an id. */
  readonly subject: string;
}

export interface Capabilities {
  /** A token for a caller who may do this now; anyone who holds it may do it as well. */
  grant(caller: Caller, capability: Capability): string;
  /**
   * The caller that a token represents, limited to this one capability.
   * @throws RequestError 401, the same for every reason
   */
  redeem(token: string, capability: Capability): Promise<Caller>;
  /** Whether the caller may still read the tenant. Always true for Entra ID callers, which cannot be checked. */
  mayStillRead(callerId: string, tenantId: string): Promise<boolean>;
}

export interface CapabilityDeps {
  readonly signingKey: Buffer;
  readonly keys: Pick<ApiKeyStore, 'get'>;
  readonly now: () => Date;
}

const schema = z.object({
  v: z.literal(1),
  /** Tenant, then subject. */
  t: z.string(),
  s: z.string(),
  /** Caller. */
  c: z.string(),
  /** Expiry, epoch seconds. */
  x: z.number(),
});

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
/** A revoked key may still be accepted for this long. */
const cacheMs = 60_000;

export function createCapabilities({ signingKey, keys, now }: CapabilityDeps): Capabilities {
  const signerOf = (purpose: string) => createSigner(signingKey, `capability ${purpose}`);
  const isGood = new LRUCache<string, { readonly may: (tenantId: string) => boolean }>({
    max: 1000,
    ttl: cacheMs,
    ttlResolution: 0,
    perf: { now: () => now().getTime() },
    fetchMethod: async (id) => {
      const key = await keys.get(id);
      return {
        may: (tenantId) =>
          key !== undefined &&
          isLive(key, now()) &&
          maySee(key, tenantId) &&
          key.scopes.includes('records.read'),
      };
    },
  });
  const mayStillRead: Capabilities['mayStillRead'] = async (callerId, tenantId) =>
    isFromEntra(callerId) || (await isGood.fetch(callerId))?.may(tenantId) === true;
  return {
    mayStillRead,
    grant(caller, { purpose, tenantId, subject }) {
      const until = now().getTime() + lifetimeMs(purpose, caller.id);
      const content: z.infer<typeof schema> = {
        v: 1,
        t: tenantId,
        s: subject,
        c: caller.id,
        x: Math.floor(until / 1000),
      };
      return signerOf(purpose).sign(content);
    },
    async redeem(token, { purpose, tenantId, subject }) {
      const { t, s, c, x } = schema.safeParse(signerOf(purpose).open(token)).data ?? nothing;
      if (t !== tenantId.toLowerCase() || s !== subject || x * 1000 < now().getTime()) throw refused();
      // Deleting reveals nothing, so the token works even if the key that got it was revoked.
      if (purpose !== 'deleteSubscription' && !(await mayStillRead(c, t))) throw refused();
      return { id: c, tenants: t, scopes: ['records.read'] };
    },
  };
}

function lifetimeMs(purpose: Capability['purpose'], callerId: string): number {
  const mayOutlive = purpose === 'deleteSubscription';
  return isFromEntra(callerId) && !mayOutlive ? entraLifetimeMs : lifetimesMs[purpose];
}

const nothing = { t: undefined, s: '', c: '', x: 0 };

/** Callers whose current permissions cannot be checked. */
export function isFromEntra(callerId: string): boolean {
  return callerId.startsWith('entra:');
}

function refused(): RequestError {
  const message =
    'This address is no longer valid. Send a client key in the header x-api-key, or start again.';
  return new RequestError(401, 'Unauthorized', message);
}
