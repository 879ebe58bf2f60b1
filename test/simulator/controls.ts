/** Everything with which a test controls the running simulator, in its own process or through the control port. */

import { randomUUID } from 'node:crypto';
import { publishContent, type ParsedContent } from './activity/added-content.ts';
import type { ContentBlob } from './activity/content-blob.ts';
import { cutContent } from './activity/cut-content.ts';
import { notifyWebhooks } from './activity/notifications.ts';
import type { Cell } from './cell.ts';
import { countDistinct } from './count-distinct.ts';
import type { Counters } from './counters.ts';
import { createExchangeControls, type ExchangeControls } from './exchange/exchange-controls.ts';
import type { Faults } from './faults.ts';
import { changePolicyOf, type PolicyChange } from './policy-change.ts';
import { createRandom, seedOf } from './random.ts';
import type { Settings, SettingsChange } from './settings.ts';
import type { TenantPolicy, TenantState, TenantStates } from './tenant-states.ts';
import type { FeedContentType, SimulatedTenant } from './tenant.ts';
import type { Tokens } from './tokens.ts';

/** How the records of tenants are split into content blobs. */
export interface FeedOptions {
  /** The same seed splits the same records in the same way. @default 1 */
  readonly seed?: number | undefined;
  /** Share of the records that are redelivered in a later content blob. @default 0.02 */
  readonly duplicateShare?: number | undefined;
  /** @default 200 */
  readonly maxRecordsPerBlob?: number | undefined;
  /** A single record may be larger. @default 4 MiB */
  readonly maxBlobBytes?: number | undefined;
  /** Puts a line break between records. @default false */
  readonly lineBreaks?: boolean | undefined;
}

interface PublishedContent {
  readonly contentId: string;
  readonly contentType: string;
  readonly contentCreated: string;
  readonly recordCount: number;
  readonly timesListed: number;
  /** While it would have been served without its end. */
  readonly timesListedGrowing: number;
  /** Published while the subscription was stopped: it is never listed. */
  readonly isMissed: boolean;
}

/** What a feed offers so far: everything that a client could fetch, including duplicates. */
interface Delivered {
  readonly contentBlobs: number;
  readonly records: number;
  readonly distinctRecords: number;
}

/** What a tenant's subscriptions have been notified of. */
interface Webhooks {
  readonly subscriptions: readonly {
    readonly contentType: string;
    readonly state: 'none' | 'enabled' | 'disabled';
    readonly authId: string | undefined;
    readonly delivered: number;
    readonly failures: number;
  }[];
  /** Starts within 15 minutes of another one of the same subscription. */
  readonly earlyStarts: number;
}

interface TokenRequest {
  readonly tenantId: string;
  readonly audience: string;
  readonly roles?: readonly string[] | undefined;
  /** Additional claims, for example `appid` or `scp`. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

export interface Controls {
  readonly faults: Faults;
  readonly counters: Counters;
  settings(): Settings;
  changeSettings(change: SettingsChange): void;
  /** Adds a tenant and publishes its records. @throws Error when its id is taken */
  addTenant(tenant: SimulatedTenant): void;
  /** Returns the current state: some changes take effect later. @throws Error for an unknown tenant */
  changePolicy(tenantId: string, change: PolicyChange): TenantPolicy;
  /** Returns the IDs of the new content. @throws Error for an unknown tenant or unknown content to redeliver */
  publish(tenantId: string, content: ParsedContent): readonly string[];
  /** @throws Error for an unknown tenant */
  webhooks(tenantId: string): Webhooks;
  /** All webhooks of a tenant are removed, as the service sometimes does without a word. @throws Error for an unknown tenant */
  dropWebhooks(tenantId: string): void;
  /** The content published so far. @throws Error for an unknown tenant */
  published(tenantId: string): readonly PublishedContent[];
  /**
   * Stops a subscription, as another client of the same application would; false if there has never been one.
   * @throws Error for an unknown tenant
   */
  stopSubscription(tenantId: string, contentType: FeedContentType): boolean;
  /** Pages of listings so far that were empty although content followed. @throws Error for an unknown tenant */
  emptyPages(tenantId: string): number;
  /** @throws Error for an unknown tenant */
  delivered(tenantId: string): Delivered;
  /** @throws Error for an unknown tenant */
  exchange(tenantId: string): ExchangeControls;
  /** Shifts the feed's clock by this many milliseconds. */
  moveClock(offsetMs: number): void;
  /** Issues a token for callers of the product's own API; its issuer is `<authority>/{tid}/v2.0`. */
  mintToken(request: TokenRequest): Promise<string>;
}

export interface ControlParts {
  readonly tenants: TenantStates;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly settings: Cell<Settings>;
  readonly clock: Cell<{ readonly offsetMs: number }>;
  readonly now: () => Date;
  readonly feed: FeedOptions;
  /** Of the vendor's application. */
  readonly clientId: string;
  /** Address of the simulator; known once it listens. */
  readonly baseUrl: () => string;
}

const mintedLifetimeSeconds = 3599;

export const createControls = (parts: ControlParts): Controls => {
  const { tenants, faults, counters, settings, clock, now, baseUrl } = parts;
  return {
    faults,
    counters,
    settings: () => settings.get(),
    changeSettings: (change) => {
      settings.patch(change);
    },
    addTenant: (tenant) => {
      publishRecords(tenants.add(tenant), parts);
    },
    changePolicy: (tenantId, change) => {
      const state = tenants.get(tenantId);
      changePolicyOf(state, change, settings.get());
      return state.policy.get();
    },
    publish: (tenantId, content) => {
      const state = tenants.get(tenantId);
      const contents = publishContent(state, content, now());
      const { webhookMaxFailures: maxFailures } = settings.get();
      void notifyWebhooks(state, contents, {
        now: now(),
        baseUrl: baseUrl(),
        clientId: parts.clientId,
        maxFailures,
      });
      return contents.map(({ contentId }) => contentId);
    },
    webhooks: (tenantId) => webhooksOf(tenants.get(tenantId), now()),
    dropWebhooks: (tenantId) => {
      const { subscriptions } = tenants.get(tenantId);
      for (const { contentType } of subscriptions.list(now())) subscriptions.dropWebhook(contentType);
    },
    published: (tenantId) => {
      const state = tenants.get(tenantId);
      return availableOf(state, now()).map((blob) => toPublished(state, blob));
    },
    stopSubscription: (tenantId, contentType) => tenants.get(tenantId).subscriptions.stop(contentType, now()),
    emptyPages: (tenantId) => tenants.get(tenantId).listings.emptyPages(),
    delivered: (tenantId) => countAvailable(availableOf(tenants.get(tenantId), now())),
    exchange: (tenantId) => createExchangeControls(tenants.get(tenantId), counters.exchange),
    moveClock: (offsetMs) => {
      clock.patch({ offsetMs });
    },
    mintToken: (request) => mintToken(parts, request),
  };
};

const publishRecords = ({ tenant, feed }: TenantState, { now, feed: options }: ControlParts): void => {
  const drafts = cutContent(tenant.records, {
    now: now(),
    random: createRandom(seedOf(options.seed ?? 1, tenant.tenantId)),
    duplicateShare: options.duplicateShare ?? 0.02,
    exactCopies: tenant.exactCopies ?? false,
    maxRecords: options.maxRecordsPerBlob ?? 200,
    maxBytes: options.maxBlobBytes ?? 4 * 1024 * 1024,
    layout: { lineBreaks: options.lineBreaks ?? false },
  });
  for (const draft of drafts) feed.publish(draft);
};

const availableOf = ({ feed }: TenantState, now: Date): readonly ContentBlob[] =>
  feed.all().filter(({ contentCreated }) => contentCreated <= now);

const toPublished = (
  { listings, subscriptions }: TenantState,
  { contentId, contentType, contentCreated, body }: ContentBlob,
): PublishedContent => ({
  contentId,
  contentType,
  contentCreated: contentCreated.toISOString(),
  recordCount: body.recordCount,
  timesListed: listings.timesListed(contentId),
  timesListedGrowing: listings.timesListedGrowing(contentId),
  isMissed: subscriptions.misses(contentType, contentCreated),
});

const countAvailable = (blobs: readonly ContentBlob[]): Delivered => ({
  contentBlobs: blobs.length,
  records: blobs.reduce((sum, { body }) => sum + body.recordCount, 0),
  distinctRecords: countDistinct(textsOf(blobs)),
});

function* textsOf(blobs: readonly ContentBlob[]): Generator<string> {
  for (const { body } of blobs) yield* body.recordTexts();
}

const webhooksOf = ({ subscriptions }: TenantState, now: Date): Webhooks => ({
  subscriptions: subscriptions.list(now).map(({ contentType, webhook, isDisabled }) => ({
    ...{ contentType, authId: webhook?.authId, ...subscriptions.tallyOf(contentType) },
    state: webhook === undefined ? 'none' : isDisabled ? 'disabled' : 'enabled',
  })),
  earlyStarts: subscriptions.earlyStarts(),
});

const mintToken = ({ tokens, baseUrl }: ControlParts, request: TokenRequest): Promise<string> =>
  tokens.mint(
    {
      tenantId: request.tenantId,
      audience: request.audience,
      issuer: `${baseUrl()}/${request.tenantId}/v2.0`,
      subject: randomUUID(),
      roles: request.roles ?? [],
      claims: { ver: '2.0', ...request.claims },
    },
    mintedLifetimeSeconds,
  );
