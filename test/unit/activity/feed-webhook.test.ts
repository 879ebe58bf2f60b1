/** Auth IDs of the feed's webhook: which are made, and which are accepted. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createFeedWebhooks,
  reportingWebhooks,
  stateOfWebhook,
  type FeedWebhook,
  type ListedWebhook,
} from '../../../shared/activity/feed-webhook.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { createClock } from '../../support/clock.ts';
import { createFakeFeed } from '../../support/fakes/activity-feed.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

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

describe('the webhook that Microsoft lists', () => {
  const wanted = createFeedWebhooks([key], url).of(fabrikamId);
  const { address = '', authId = '' } = wanted ?? {};
  const listed = { status: 'enabled', address, authId };
  const theirs = { ...listed, address: 'https://other.example/hook', authId: 'opaque' };
  const cases: readonly (readonly [string, ListedWebhook | undefined, FeedWebhook | undefined, string])[] = [
    ['is as wanted', listed, wanted, 'current'],
    ['does not tell its auth ID', { ...listed, authId: undefined }, wanted, 'current'],
    ['was dropped', undefined, wanted, 'outdated'],
    ['was disabled', { ...listed, status: 'disabled' }, wanted, 'outdated'],
    ['expired', { ...listed, status: 'expired' }, wanted, 'outdated'],
    ['has another address', { ...listed, address: `https://old.example/${address}` }, wanted, 'outdated'],
    [
      'has the auth ID of another key',
      { ...listed, authId: authIdOf(other, fabrikamId) },
      wanted,
      'outdated',
    ],
    ['belongs to another tool, and one is wanted', theirs, wanted, 'outdated'],
    ['is missing, and none is wanted', undefined, undefined, 'none'],
    ['is ours, and none is wanted', listed, undefined, 'outdated'],
    ['has our address, and none is wanted', { ...listed, authId: undefined }, undefined, 'outdated'],
    ['belongs to another tool, and none is wanted', theirs, undefined, 'none'],
  ];

  it.each(cases)('%s', (_what, given, want, state) => {
    expect(stateOfWebhook(given, want)).toBe(state);
  });
});

describe('a webhook that Microsoft refuses', () => {
  const refusal = new UpstreamError('fail', 'AF20021', 'Not reached.');
  const tenant = tenantNamed('Fabrikam');
  const about = { tenantId: tenant.tenantId, contentType: 'Audit.General', code: 'AF20021' };

  function createWorld() {
    const telemetry = createRecordingTelemetry();
    const feed = createFakeFeed(createClock().now, []);
    const events = () => telemetry.of('activity.webhook.refused');
    return { feed, events, reporting: reportingWebhooks(feed, telemetry.telemetry) };
  }

  it('is reported when a subscription starts without it', async () => {
    const { feed, events, reporting } = createWorld();
    expect(await reporting.startSubscription(tenant, 'Audit.General')).toBe('none');
    expect(events()).toEqual([]);
    feed.setWebhooks('outdated', refusal);
    expect(await reporting.startSubscription(tenant, 'Audit.General')).toBe(refusal);
    expect(events()).toEqual([about]);
  });

  it('is reported when it cannot be renewed', async () => {
    const { feed, events, reporting } = createWorld();
    feed.refuse('renew', '*', refusal);
    await expect(reporting.renewWebhook(tenant, 'Audit.General')).rejects.toBe(refusal);
    expect(events()).toEqual([about]);
  });
});
