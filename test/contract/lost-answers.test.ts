/**
 * A conditional write that storage carried out, and whose answer was lost: the client sends it again, and storage refuses
 * what it has done itself. The one that wrote must recognize that.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newApiKey } from '../../shared/access/api-keys.ts';
import { createApiKeyStore } from '../../shared/adapters/tables/api-key-store.ts';
import { createConsentStore } from '../../shared/adapters/tables/consent-store.ts';
import { createIdempotencyStore } from '../../shared/adapters/tables/idempotency-store.ts';
import { createLandingStore } from '../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../shared/adapters/tables/ledger-store.ts';
import { createLegalHoldStore } from '../../shared/adapters/tables/legal-hold-store.ts';
import { createPageTokenStore } from '../../shared/adapters/tables/page-token-store.ts';
import { createSubscriptionStore } from '../../shared/adapters/tables/subscription-store.ts';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import type { Landing } from '../../shared/landing/landing.ts';
import type { WebhookSubscription } from '../../shared/webhooks/webhook-subscription.ts';
import { contentNamed } from '../support/content.ts';
import { tenantNamed } from '../support/tenants.ts';
import { useStorage } from './storage.ts';

const subscriptionOf = (owner: string): WebhookSubscription => ({
  ...{ owner, subscriptionId: randomUUID(), createdBy: 'key', createdDateTime: at },
  ...{ sealedTarget: 'c2VhbGVk', baseUrl: 'https://auditkeep.example/api/', content: 'ids' },
  wanted: { search: 'rules' },
  ...{ generation: 1, position: { sequence: 1, line: 0 }, failures: 0 },
});

const storage = useStorage();
const at = new Date('2026-03-10T12:00:00.000Z');
const later = new Date('2026-03-10T12:09:00.000Z');

/** The first write is carried out, and then sent again as the client does after a lost answer. */
function losingAnswer(tables: Tables): Tables {
  let left = 1;
  const twice = async <T>(send: () => Promise<T>): Promise<T> => {
    if (left-- > 0) await send();
    return await send();
  };
  return {
    ...tables,
    write: (table, operation) => twice(() => tables.write(table, operation)),
    transact: (table, actions) => twice(() => tables.transact(table, actions)),
  };
}

const lossy = () => losingAnswer(createTables(storage()));
const sound = () => createTables(storage());

describe('when the answer to its own write is lost', () => {
  it('a poll holds the lease of its tenant, and no other poll does', async () => {
    const [stored, tenant] = [
      createTenantStore(sound()),
      tenantNamed('Fabrikam', { tenantId: randomUUID() }),
    ];
    await stored.create(tenant);
    const found = await stored.get(tenant.tenantId);
    if (found === undefined) throw new Error('The tenant exists.');
    expect(await createTenantStore(lossy()).lease(found, later, at)).toBe(true);
    expect(await createTenantStore(lossy()).lease(found, later, at)).toBe(false);
    expect(await stored.lease(found, later, at)).toBe(false);
    expect((await stored.get(tenant.tenantId))?.leasedUntil).toEqual(later);
  });

  it('a request holds its idempotency key, and no other request does', async () => {
    const id = randomBytes(32).toString('hex');
    const lossyStore = () => createIdempotencyStore(lossy());
    const work = { fingerprint: 'same', at };
    expect(await lossyStore().hold(id, work)).toBeUndefined();
    const kept = await lossyStore().hold(id, work);
    expect(kept).toMatchObject(work);
    expect(await lossyStore().takeOver(id, work, kept?.etag ?? '')).toBe(true);
    expect(await lossyStore().takeOver(id, work, kept?.etag ?? '')).toBe(false);
  });

  it('a client key, a consent link, a page token, and a legal hold exist', async () => {
    const { key } = newApiKey({ name: 'Partner', tenants: '*', scopes: ['records.read'] }, at);
    await createApiKeyStore(lossy()).create(key);
    expect(await createApiKeyStore(sound()).get(key.id)).toMatchObject({ secretHashes: key.secretHashes });
    const [hash, tenantId] = [randomBytes(32).toString('hex'), randomUUID()];
    await createConsentStore(lossy()).create(hash, { tenantId, expiresAt: later });
    expect(await createConsentStore(sound()).take(hash)).toMatchObject({ tenantId });
    await createPageTokenStore(lossy()).keep(hash, 'position', at);
    expect(await createPageTokenStore(sound()).find(hash)).toBe('position');
    await createLegalHoldStore(lossy()).append(tenantId, {
      kind: 'placed',
      at,
      by: 'key-1',
      reason: 'A case.',
    });
    expect(await createLegalHoldStore(sound()).events(tenantId)).toHaveLength(1);
  });

  it('a webhook subscription exists, and another with its ID is refused', async () => {
    const subscription = subscriptionOf(randomUUID());
    const store = createSubscriptionStore(lossy());
    await store.create(subscription);
    expect(await store.list(subscription.owner)).toHaveLength(1);
    await expect(store.create({ ...subscription, createdBy: 'another' })).rejects.toThrow();
  });

  it('content is settled once', async () => {
    const [tenantId, content] = [randomUUID(), contentNamed('one', at)];
    const ledger = () => createLedger(lossy());
    const landed = { content, state: 'landed', attempts: 1, landingId: 'a' } as const;
    expect(await ledger().settle(tenantId, [landed])).toEqual([]);
    expect(await ledger().settle(tenantId, [{ content, state: 'gone', attempts: 2 }])).toEqual([content]);
    expect([...(await ledger().known(tenantId, [content])).values()]).toEqual(['landed']);
  });

  it('a landing has one number and one link, and a decision about it is recorded', async () => {
    const tenantId = randomUUID();
    const landings = () => createLandingStore(lossy());
    const [first, second] = ['a', 'b'].map((name): Landing => ({
      ...{ landingId: `20260310120000000-${name}`, blobName: name, bytes: 10, records: 1, contentBlobs: 1 },
      ...{ landedAt: at, oldestContent: at },
    }));
    if (first === undefined || second === undefined) throw new Error('There are two.');
    for (const landing of [first, second]) await landings().open(tenantId, landing);
    await landings().close(tenantId, first, { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 1 });
    expect((await landings().sequenced(tenantId, 0, 10)).map(({ landingId }) => landingId)).toEqual([
      first.landingId,
    ]);
    expect(await landings().links(tenantId, 0, 10)).toHaveLength(1);
    const decision = { at, by: 'key-1', reason: 'It is damaged.', holes: [] };
    expect(await landings().giveUp(tenantId, second.landingId, decision)).toBe(true);
    expect(await landings().unindexed(tenantId)).toEqual([]);
    expect((await landings().notIndexed(tenantId)).givenUp).toHaveLength(1);
  });
});
