/** Auth IDs of the feed's webhook: which are made, and which are accepted. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFeedWebhooks, isOwnWebhook } from '../../../shared/activity/feed-webhook.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const url = 'https://audit.example/api';
const [key, older, other] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const authIdOf = (signingKey: Buffer, tenantId: string) =>
  createFeedWebhooks([signingKey], url).of(tenantId)?.authId ?? '';

describe('the webhook of a tenant', () => {
  it('is at the public address, and the same each time', () => {
    const webhook = createFeedWebhooks([key], url).of(fabrikamId);
    expect(webhook?.address).toBe('https://audit.example/api/activity-feed/notifications');
    expect(createFeedWebhooks([key, older], url).of(fabrikamId)).toEqual(webhook);
  });

  it('has an auth ID that no other tenant or key has', () => {
    const all = [authIdOf(key, fabrikamId), authIdOf(key, adatumId), authIdOf(other, fabrikamId)];
    expect(new Set(all).size).toBe(3);
    expect(all.every((authId) => isOwnWebhook({ authId }))).toBe(true);
    expect(isOwnWebhook({ authId: 'of-another-tool' })).toBe(false);
  });

  it('does not exist without an address', () => {
    expect(createFeedWebhooks([key], undefined).of(fabrikamId)).toBeUndefined();
  });
});

describe('an auth ID', () => {
  const webhooks = createFeedWebhooks([key, older], url);

  it('names its tenant, with the current key and the one before', () => {
    expect(webhooks.tenantOf(authIdOf(key, fabrikamId))).toBe(fabrikamId);
    expect(webhooks.tenantOf(authIdOf(older, adatumId))).toBe(adatumId);
  });

  it('of another key names none', () => {
    expect(webhooks.tenantOf(authIdOf(other, fabrikamId))).toBeUndefined();
  });

  it('names none while webhooks are off', () => {
    expect(createFeedWebhooks([key], undefined).tenantOf(authIdOf(key, fabrikamId))).toBeUndefined();
  });

  it.each([
    ['nothing', () => ''],
    ['a tenant only', () => fabrikamId],
    ['the code of another tenant', () => authIdOf(key, fabrikamId).replace(fabrikamId, adatumId)],
    ['an ID in capitals', () => authIdOf(key, fabrikamId).toUpperCase()],
    ['more than was made', () => `${authIdOf(key, fabrikamId)}=`],
    ['less than was made', () => authIdOf(key, fabrikamId).slice(0, -1)],
    ['it twice', () => `${authIdOf(key, fabrikamId)}, ${authIdOf(key, fabrikamId)}`],
    ['no tenant', () => authIdOf(key, '00000000-0000-0000-0000-000000000000')],
    ['a long text', () => `auditkeep.${fabrikamId}.${'x'.repeat(100_000)}`],
  ])('that is %s names none', (_what, make) => {
    expect(webhooks.tenantOf(make())).toBeUndefined();
  });
});
