/**
 * Secrets of those who call with signed webhooks: one for each tenant, and one for all. They are derived from the
 * signing key, so nothing is stored but how often one was renewed.
 */
import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { retryConflict } from '../retry.ts';
import { storedDate } from '../stored-date.ts';
import { liveGenerations, shownSecret } from './secret-generations.ts';
import type { SigningKeys } from './signing-keys.ts';

export const webhookGenerationSchema = z.object({
  /** From 1. */
  generation: z.int().min(1),
  /** The previous one works as well until then. */
  overlapUntil: storedDate.optional(),
});
export type WebhookGeneration = Readonly<z.output<typeof webhookGenerationSchema>>;

export interface StoredWebhookGeneration extends WebhookGeneration {
  readonly etag: string;
}

export interface WebhookGenerationStore {
  /** Undefined before the first renewal. @param tenants one tenant's id, or `*` */
  get(tenants: string): Promise<StoredWebhookGeneration | undefined>;
  /**
   * Replaces what was read.
   * @param before undefined: nothing must be there
   * @returns false, with nothing written, when it has changed since
   */
  put(
    tenants: string,
    next: WebhookGeneration,
    before: StoredWebhookGeneration | undefined,
  ): Promise<boolean>;
}

export interface WebhookSecretDeps {
  readonly signingKeys: SigningKeys;
  readonly generations: WebhookGenerationStore;
  readonly now: () => Date;
}

const first: WebhookGeneration = { generation: 1 };

/** The current secret as given to the sender: `whsec_…`. @param tenants one tenant's id, or `*` */
export async function webhookSecret(
  { signingKeys: [current], generations }: Omit<WebhookSecretDeps, 'now'>,
  tenants: string,
): Promise<string> {
  const { generation } = (await generations.get(tenants)) ?? first;
  return secretOfGeneration(current, tenants, generation);
}

/**
 * Renews the secret of one tenant, or that for all; the others stay as they are.
 * @param overlapMs how long the previous one works as well; one from an earlier renewal ends now
 * @returns the new one
 */
export async function renewWebhookSecret(
  { signingKeys: [current], generations, now }: WebhookSecretDeps,
  tenants: string,
  overlapMs: number,
): Promise<{ readonly secret: string; readonly overlapUntil: Date }> {
  const overlapUntil = new Date(now().getTime() + overlapMs);
  return await retryConflict('webhook secret', async () => {
    const before = await generations.get(tenants);
    const generation = (before ?? first).generation + 1;
    const isWritten = await generations.put(tenants, { generation, overlapUntil }, before);
    return isWritten ? { secret: secretOfGeneration(current, tenants, generation), overlapUntil } : undefined;
  });
}

/** Secrets that may sign for a tenant now. */
export interface LiveWebhookSecrets {
  of(tenantId: string): Promise<readonly Buffer[]>;
}

/** A renewed secret may still be refused, and the one before its predecessor accepted, for this long. */
const cacheMs = 60_000;
const cachedTenants = 1000;

export function createLiveWebhookSecrets({
  signingKeys,
  generations,
  now,
}: WebhookSecretDeps): LiveWebhookSecrets {
  const cache = new LRUCache<string, WebhookGeneration>({
    max: cachedTenants,
    ttl: cacheMs,
    ttlResolution: 0,
    perf: { now: () => now().getTime() },
    fetchMethod: async (tenants) => (await generations.get(tenants)) ?? first,
  });
  const secretsOf = async (tenants: string): Promise<readonly Buffer[]> => {
    const live = liveGenerations(await cache.forceFetch(tenants), now());
    return signingKeys.flatMap((key) => live.map((generation) => derive(key, tenants, generation)));
  };
  return { of: async (tenantId) => (await Promise.all([tenantId, '*'].map(secretsOf))).flat() };
}

/** As given to the sender. @param generation from 1 */
export function secretOfGeneration(signingKey: Buffer, tenants: string, generation: number): string {
  return shownSecret(derive(signingKey, tenants, generation));
}

/** The first one is derived as all were before there were generations. */
function derive(signingKey: Buffer, tenants: string, generation: number): Buffer {
  const name = `webhook secret\n${tenants}${generation === 1 ? '' : `\n${generation}`}`;
  return createHmac('sha256', signingKey).update(name).digest();
}
