/**
 * The webhook at which Microsoft announces new content. An announcement is a hint: polls find all content without it.
 * Its auth ID names a tenant and proves that Auditkeep gave it to Microsoft; it is derived, so nothing is stored.
 */
import { createHmac } from 'node:crypto';
import { isSameText } from '../access/signer.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import { onRefusal, type UpstreamError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import type { ActivityFeed, WebhookState } from './activity-feed.ts';
import type { ContentType } from './content-types.ts';

/** As a subscription has it. */
export interface FeedWebhook {
  readonly address: string;
  /** A secret: Microsoft sends it along with every call. */
  readonly authId: string;
}

export interface FeedWebhooks {
  /** What the subscriptions of a tenant shall have; undefined: none. */
  of(tenantId: string): FeedWebhook | undefined;
  /** The tenant that an auth ID was made for; undefined for any other text, and while webhooks are off. */
  tenantOf(authId: string): string | undefined;
}

/** Below the public address of the app. */
export const feedWebhookRoute = 'activity-feed/notifications';

/** @param publicUrl of the app; undefined: webhooks are off */
export function createFeedWebhooks(signingKeys: SigningKeys, publicUrl: string | undefined): FeedWebhooks {
  const [current] = signingKeys;
  return {
    of: (tenantId) =>
      publicUrl === undefined
        ? undefined
        : { address: `${publicUrl}/${feedWebhookRoute}`, authId: authIdFor(current, tenantId) },
    tenantOf: (authId) => {
      const tenantId = /^auditkeep\.([0-9a-f-]{36})\./.exec(authId)?.[1] ?? noTenant;
      // All keys are tried, whatever was sent: the time taken says nothing.
      const [match] = signingKeys.filter((key) => isSameText(authId, authIdFor(key, tenantId)));
      return publicUrl === undefined || tenantId === noTenant || match === undefined ? undefined : tenantId;
    },
  };
}

/** What Microsoft says about the webhook of a subscription. */
export interface ListedWebhook {
  readonly status: string;
  readonly address: string;
  /** Undefined if it is not listed. */
  readonly authId: string | undefined;
}

/** One that Auditkeep did not make is left alone while none is wanted. */
export function stateOfWebhook(
  listed: ListedWebhook | undefined,
  wanted: FeedWebhook | undefined,
): WebhookState {
  if (wanted === undefined) return listed !== undefined && isOwn(listed) ? 'outdated' : 'none';
  const { status, address, authId = wanted.authId } = listed ?? { status: 'missing', address: '' };
  const isCurrent = status === 'enabled' && address === wanted.address && authId === wanted.authId;
  return isCurrent ? 'current' : 'outdated';
}

function isOwn({ address, authId = '' }: ListedWebhook): boolean {
  return authId.startsWith(prefix) || address.endsWith(`/${feedWebhookRoute}`);
}

/** Reports every webhook that Microsoft refuses. */
export function reportingWebhooks(feed: ActivityFeed, telemetry: Telemetry): ActivityFeed {
  const report = (tenantId: string, contentType: ContentType, { code }: UpstreamError) => {
    telemetry('activity.webhook.refused', { tenantId, contentType, code });
  };
  return {
    ...feed,
    async startSubscription(tenant, contentType, budget) {
      const webhook = await feed.startSubscription(tenant, contentType, budget);
      if (typeof webhook === 'object') report(tenant.tenantId, contentType, webhook);
      return webhook;
    },
    async renewWebhook(tenant, contentType, budget) {
      await feed.renewWebhook(tenant, contentType, budget).catch(
        onRefusal((refusal) => {
          report(tenant.tenantId, contentType, refusal);
          throw refusal;
        }),
      );
    },
  };
}

const prefix = 'auditkeep.';
const noTenant = '00000000-0000-0000-0000-000000000000';

function authIdFor(signingKey: Buffer, tenantId: string): string {
  const mac = createHmac('sha256', signingKey).update(`feed webhook\n${tenantId}`).digest('base64url');
  return `${prefix}${tenantId}.${mac}`;
}
