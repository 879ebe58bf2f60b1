/** What asks Microsoft 365. */
import { createSignIn } from '../../shared/adapters/entra/sign-in.ts';
import { createTokenProvider } from '../../shared/adapters/entra/token-provider.ts';
import { createPartnerTokens } from '../../shared/adapters/entra/partner-tokens.ts';
import { createExchangeAdmin } from '../../shared/adapters/exchange/exchange-admin.ts';
import { createAuditSearch } from '../../shared/adapters/graph/audit-search.ts';
import { createDirectory } from '../../shared/adapters/graph/directory.ts';
import { createActivityFeed } from '../../shared/adapters/management-api/activity-feed.ts';
import type { Monitor } from '../../shared/adapters/monitor/monitor.ts';
import { createPartnerCenterLater } from '../../shared/adapters/partner-center/later.ts';
import type { Config } from '../../shared/config.ts';
import { rememberingNames } from '../../shared/enablement/remember-names.ts';
import { createFeedWebhooks, reportingWebhooks } from '../../shared/activity/feed-webhook.ts';
import { markingStops } from '../../shared/landing/feed-stops.ts';
import type { Ledger } from '../../shared/landing/ledger.ts';
import type { MailboxNameStore } from '../../shared/tenants/mailbox-names.ts';

interface Remembering {
  readonly mailboxNames: MailboxNameStore;
  readonly ledger: Ledger;
  readonly now: () => Date;
}

export const feedWebhooksOf = ({
  signingKeys,
  feedWebhookUrl,
}: Pick<Config, 'signingKeys' | 'feedWebhookUrl'>) => createFeedWebhooks(signingKeys, feedWebhookUrl);

/** Undefined without a refresh token. */
function partnerCenterOf(
  { credential, endpoints, publisherId, partnerRefreshToken: refreshToken }: Config,
  meter: Monitor['meter'],
) {
  if (refreshToken === undefined) return undefined;
  const { authorityUrl, graphUrl, partnerCenterUrl } = endpoints;
  const tokens = createPartnerTokens({ credential, authorityUrl, refreshToken, meter });
  const { clientId } = credential;
  return createPartnerCenterLater({
    tokens,
    meter,
    clientId,
    partnerTenantId: publisherId,
    partnerCenterUrl,
    graphUrl,
  });
}

/** @param remembering where names of mailboxes and stopped subscriptions are remembered */
export function createMicrosoft(
  all: Config,
  { meter, telemetry }: Monitor,
  { mailboxNames, ledger, now }: Remembering,
) {
  const { credential, endpoints, poll, ...config } = all;
  const { authorityUrl, activityApiUrl, graphUrl, exchangeUrl } = endpoints;
  const { publisherId, requestsPerMinute } = config;
  const tokens = createTokenProvider({ credential, authorityUrl, meter });
  const feed = createActivityFeed({
    tokens,
    meter,
    publisherId,
    requestsPerMinute,
    activityApiUrl,
    maxSockets: poll.fetchConcurrency * poll.tenantConcurrency,
    feedWebhooks: feedWebhooksOf(config),
  });
  return {
    exchange: rememberingNames(createExchangeAdmin({ tokens, meter, exchangeUrl }), { mailboxNames, now }),
    auditSearch: createAuditSearch({ tokens, meter, graphUrl }),
    directory: createDirectory({ tokens, meter, graphUrl, clientId: credential.clientId }),
    signIn: createSignIn({ tokens, authorityUrl }),
    partnerCenter: partnerCenterOf(all, meter),
    feed: markingStops(reportingWebhooks(feed, telemetry), ledger),
  };
}
