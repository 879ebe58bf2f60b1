/** Checks the webhooks of the feed's subscriptions, and renews those that Microsoft dropped, disabled, or has outdated. */
import type { ActivityFeed } from '../activity/activity-feed.ts';
import { contentTypeSchema, type ContentType } from '../activity/content-types.ts';
import type { Budget } from '../budget.ts';
import { onRefusal, UpstreamError } from '../errors.ts';
import type { StartedSubscriptions } from './start-subscriptions.ts';
import type { Tenant, TenantCheck } from './tenant.ts';

export interface CheckWebhooksDeps {
  readonly feed: Pick<ActivityFeed, 'renewWebhook'>;
  readonly now: () => Date;
  /** Of the calls to Microsoft. */
  readonly budget?: Budget | undefined;
}

const name = 'feedWebhook';
/** Microsoft wants this long between requests to start the same subscription, and a renewal is one. */
const startIntervalMs = 15 * 60_000;

/**
 * What is known of a tenant's webhooks as one check; none while webhooks are off. One that failed affects nothing else.
 * @param started what the check of subscriptions found right before
 * @throws an error other than an UpstreamError
 */
export async function checkWebhooks(
  deps: CheckWebhooksDeps,
  tenant: Tenant,
  { listed, webhooks }: StartedSubscriptions,
): Promise<readonly TenantCheck[]> {
  const before = tenant.checks.filter((check) => check.name === name);
  const refusal = webhooks.find((webhook) => webhook instanceof UpstreamError);
  if (refusal !== undefined) return [failed(refusal, deps.now())];
  if (listed === undefined) return before;
  const running = listed.filter(({ contentType, enabled }) => enabled && isCollected(tenant, contentType));
  const outdated = running.filter(({ webhook }) => webhook === 'outdated');
  if (outdated.length > 0) return [await renew(deps, tenant, outdated.map(typeOf))];
  const isWanted = webhooks.includes('current') || running.some(({ webhook }) => webhook === 'current');
  return isWanted ? [passed(deps.now())] : [];
}

function isCollected({ contentTypes }: Tenant, contentType: string): boolean {
  return contentTypes.some((one) => one === contentType);
}

const typeOf = ({ contentType }: { readonly contentType: string }) => contentTypeSchema.parse(contentType);

async function renew(
  { feed, now, budget }: CheckWebhooksDeps,
  tenant: Tenant,
  outdated: readonly ContentType[],
): Promise<TenantCheck> {
  const last = tenant.checks.find((check) => check.name === name);
  const lastAt = Date.parse(last?.checkedDateTime ?? '') || 0;
  if (last !== undefined && now().getTime() - lastAt < startIntervalMs) return pending(last);
  const refusals = await Promise.all(
    outdated.map((type) => feed.renewWebhook(tenant, type, budget).then(none, onRefusal(same))),
  );
  const refusal = refusals.find((one) => one !== undefined);
  return refusal === undefined ? passed(now()) : failed(refusal, now());
}

const none = () => undefined;
const same = (refusal: UpstreamError) => refusal;

function passed(now: Date): TenantCheck {
  return { name, state: 'Passed', checkedDateTime: now.toISOString() };
}

function failed({ code, message }: UpstreamError, now: Date): TenantCheck {
  return { name, state: 'Failed', code, message, cure, checkedDateTime: now.toISOString() };
}

const cure =
  'Nothing is lost: content is collected without notifications. Check that AUDITKEEP_PUBLIC_URL is reachable from the ' +
  'internet over https; Auditkeep retries daily.';

/** A failure stays what it is; what passed does so no longer. */
function pending({ state, ...last }: TenantCheck): TenantCheck {
  if (state === 'Failed') return { ...last, state };
  const message = 'The webhook is renewed 15 minutes after the previous check at the earliest.';
  return { name, state: 'NotChecked', message, checkedDateTime: last.checkedDateTime };
}
