/**
 * The checks of a tenant, derived at every read. Only what a check of its grants found is stored as checks;
 * subscriptions have one state, whether a check, an enablement or a poll wrote it last.
 */
import { activityErrorActions, activityErrorCures } from '../activity/activity-errors.ts';
import type { ContentType } from '../activity/content-types.ts';
import { isSignInRefusal } from './consent-refusal.ts';
import type { SubscriptionState, Tenant, TenantCheck } from './tenant.ts';

const subscriptionPrefix = 'subscription:';

type Checked = Pick<Tenant, 'checks' | 'contentTypes' | 'subscriptions' | 'poll' | 'createdDateTime'>;

/** What is known now: a check of grants gives way to what polls have found since. */
export function checksOf(tenant: Checked): readonly TenantCheck[] {
  // Earlier versions also stored the states of subscriptions as checks.
  const stored = tenant.checks.filter(({ name }) => !name.startsWith(subscriptionPrefix));
  const grants = stored.map((check) => newestOf(check, evidenceFor(check.name, tenant)));
  const isRefused = grants.some(({ name, state }) => name === 'consent' && state === 'Failed');
  return [...grants, ...subscriptionsOf(tenant).map((one) => subscriptionCheck(tenant, one, isRefused))];
}

/** Nothing is missing, and nothing is unknown. */
export function hasPassedAll(tenant: Checked): boolean {
  const known = new Set(subscriptionsOf(tenant).map(({ contentType }) => contentType));
  const isUnknown = tenant.contentTypes.some((contentType) => !known.has(contentType));
  return !isUnknown && checksOf(tenant).every(({ state }) => state === 'Passed');
}

/** The states of subscriptions to what is collected: a content type that is no longer collected has none. */
export function subscriptionsOf({
  contentTypes,
  subscriptions,
}: Pick<Tenant, 'contentTypes' | 'subscriptions'>): readonly SubscriptionState[] {
  return subscriptions.filter(({ contentType }) => contentTypes.includes(contentType));
}

/** What is known of the subscription to a content type, and how to fix it; empty while nothing is known. */
export function subscriptionTo(tenant: Checked, contentType: ContentType): SubscriptionFacts {
  const found = subscriptionsOf(tenant).find((one) => one.contentType === contentType);
  if (found === undefined) return {};
  const { enabled, errorCode, errorMessage, checkedDateTime } = found;
  const check = checksOf(tenant).find(({ name }) => name === `${subscriptionPrefix}${contentType}`);
  return { enabled, errorCode, errorMessage, cure: check?.cure, checkedDateTime };
}

export type SubscriptionFacts = Partial<Omit<SubscriptionState, 'contentType'>> & Pick<TenantCheck, 'cure'>;

type IsDecided = (contentType: ContentType) => boolean;

/** The checks that an answer or a refusal of the feed decides, and for which content types. */
const provenByFeed: ReadonlyMap<string, IsDecided> = new Map<string, IsDecided>([
  ['consent', () => true],
  ['permission:ActivityFeed.Read', (contentType) => !isSensitive(contentType)],
  ['permission:ActivityFeed.ReadDlp', isSensitive],
]);

function isSensitive(contentType: ContentType): boolean {
  return contentType === 'DLP.All';
}

/** The feed's code for a missing permission. */
const permissionMissing = 'AF10001';

function evidenceFor(name: string, tenant: Checked): TenantCheck | undefined {
  const isDecided = provenByFeed.get(name);
  if (isDecided === undefined) return undefined;
  const states = subscriptionsOf(tenant).filter(({ contentType }) => isDecided(contentType));
  const works = newest(states.filter(({ enabled }) => enabled));
  if (works?.checkedDateTime !== undefined)
    return { name, state: 'Passed', checkedDateTime: works.checkedDateTime };
  const isRefusal = name === 'consent' ? isSignInRefusal : (code: string) => code === permissionMissing;
  const refused = states.filter(({ errorCode }) => errorCode !== undefined && isRefusal(errorCode));
  const last = newest(refused);
  if (last?.checkedDateTime === undefined || refused.length < states.length) return undefined;
  const { errorCode: code, errorMessage: message, checkedDateTime } = last;
  return { name, state: 'Failed', code, message, cure: consentCure, checkedDateTime };
}

const consentCure =
  'If an administrator of the tenant has withdrawn consent, have one open a new consent link. For other causes see the ' +
  'code in docs/errors.md.';

function newest(states: readonly SubscriptionState[]): SubscriptionState | undefined {
  const time = ({ checkedDateTime }: SubscriptionState) => Date.parse(checkedDateTime ?? '') || 0;
  return states.toSorted((one, other) => time(other) - time(one))[0];
}

/** The same finding keeps what it says: a check knows more about it than a poll. */
function newestOf(check: TenantCheck, evidence: TenantCheck | undefined): TenantCheck {
  if (evidence === undefined || evidence.state === check.state) return check;
  return Date.parse(evidence.checkedDateTime) > Date.parse(check.checkedDateTime) ? evidence : check;
}

function subscriptionCheck(
  { poll, createdDateTime }: Pick<Tenant, 'poll' | 'createdDateTime'>,
  subscription: SubscriptionState,
  isRefused: boolean,
): TenantCheck {
  const { contentType, enabled, errorCode, errorMessage } = subscription;
  const name = `${subscriptionPrefix}${contentType}`;
  const checkedDateTime = subscription.checkedDateTime ?? (poll.lastPollAt ?? createdDateTime).toISOString();
  if (enabled && isRefused)
    return { name, state: 'NotChecked', message: 'Consent must be granted first.', checkedDateTime };
  if (enabled) return { name, state: 'Passed', checkedDateTime };
  const message = errorMessage ?? 'The subscription is not started.';
  const cure = subscriptionCureOf(errorCode);
  return { name, state: 'Failed', code: errorCode, message, cure, checkedDateTime };
}

const turnAuditingOn = 'Turn auditing on: start an enablement.';

function subscriptionCureOf(code: string | undefined): string {
  if (code === undefined || activityErrorActions[code] === 'waitForAuditing') return turnAuditingOn;
  if (code === 'TenantDoesNotExist') return turnAuditingOn;
  return (
    activityErrorCures[code] ??
    'Auditkeep retries automatically. If the problem persists: See docs/errors.md for the code.'
  );
}
