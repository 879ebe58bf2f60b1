/** A feed in memory that keeps the rules of the Management Activity API about windows and subscriptions. */
import type {
  ActivityFeed,
  ContentBlob,
  ContentPage,
  StartedWebhook,
  WebhookState,
} from '../../../shared/activity/activity-feed.ts';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import { feedRetentionMs, maxWindowMs, type Window } from '../../../shared/activity/windows.ts';
import { UpstreamError } from '../../../shared/errors.ts';

export type FeedOperation = 'start' | 'renew' | 'stop' | 'subscriptions' | 'list' | 'fetch';

/** A body: its chunks, then possibly an error in place of its end. */
export interface FakeBody {
  readonly chunks: Iterable<Buffer>;
  readonly breaksWith?: UpstreamError;
}

export interface FakeFeed extends ActivityFeed {
  /** Content becomes available at its contentCreated, or later. */
  publish(content: ContentBlob, body: FakeBody, listedAt?: Date): void;
  /** Refuses calls about this content type or contentId (`*`: all), so many times. */
  refuse(operation: FeedOperation, about: string, error: UpstreamError, times?: number): void;
  /** Stops refusing. */
  relent(): void;
  stop(contentType: ContentType): void;
  /** Changes every listing from now on. */
  reshape(change: (pages: Pages) => Pages): void;
  /** Changes every listing of one content type from now on. */
  reshapeType(contentType: ContentType, change: (pages: Pages) => Pages): void;
  /** Runs before every fetch from now on, and may throw in its place. */
  beforeFetch(hook: (contentId: string) => void): void;
  /** Ids of fetched content, in order, with repetitions. */
  readonly fetched: readonly string[];
  /** Windows listed, in order. */
  readonly listed: readonly { readonly contentType: ContentType; readonly window: Window }[];
  /** Subscriptions started, in order. */
  readonly started: readonly ContentType[];
  /** Subscriptions whose webhook was renewed, in order. */
  readonly renewed: readonly ContentType[];
  /** Sets what subscriptions have as webhook, and what those that start get. */
  setWebhooks(listed: WebhookState, started: StartedWebhook): void;
  /** Bodies that were discarded. */
  readonly discarded: readonly string[];
  /** The clock of Microsoft, as its answers tell it; by default they do not. */
  microsoftNow: (() => Date) | undefined;
  pageSize: number;
}

export type Pages = AsyncIterable<ContentPage>;

interface Refusal {
  readonly operation: FeedOperation;
  readonly about: string;
  readonly error: UpstreamError;
  left: number;
}

interface Published {
  readonly content: ContentBlob;
  readonly body: FakeBody;
  readonly listedAt: Date;
}

export function createFakeFeed(now: () => Date, running: readonly ContentType[]): FakeFeed {
  const published: Published[] = [];
  const refusals: Refusal[] = [];
  const subscriptions = new Set<string>(running);
  const fetched: string[] = [];
  const discarded: string[] = [];
  const listed: { contentType: ContentType; window: Window }[] = [];
  const started: ContentType[] = [];
  const renewed: ContentType[] = [];
  let webhooks: { listed: WebhookState; started: StartedWebhook } = { listed: 'none', started: 'none' };
  const check = (operation: FeedOperation, about: string): void => {
    const refusal = refusals.find(
      (each) => each.operation === operation && ['*', about].includes(each.about) && each.left > 0,
    );
    if (refusal === undefined) return;
    refusal.left -= 1;
    throw refusal.error;
  };
  let change: (pages: Pages, contentType: ContentType) => Pages = (pages) => pages;
  let hook: (contentId: string) => void = () => undefined;
  async function* listPages(contentType: ContentType, window: Window): AsyncGenerator<ContentPage> {
    listed.push({ contentType, window });
    check('list', contentType);
    if (!subscriptions.has(contentType)) throw refusal('startSubscription', 'AF20022');
    assertWindow(window, now());
    const all = published.filter(isListed(contentType, window, now())).map(({ content }) => content);
    all.sort((a, b) => a.contentCreated.getTime() - b.contentCreated.getTime());
    for (let at = 0; at === 0 || at < all.length; at += feed.pageSize) {
      yield await Promise.resolve(pageOf(all.slice(at, at + feed.pageSize), feed.microsoftNow?.()));
    }
  }
  const feed: FakeFeed = {
    ...{ fetched, discarded, listed, started, renewed, microsoftNow: undefined, pageSize: 200 },
    setWebhooks: (listed, started) => {
      webhooks = { listed, started };
    },
    publish: (content, body, listedAt = content.contentCreated) =>
      void published.push({ content, body, listedAt }),
    refuse: (operation, about, error, times = Infinity) =>
      void refusals.push({ operation, about, error, left: times }),
    relent: () => void refusals.splice(0),
    stop: (contentType) => void subscriptions.delete(contentType),
    reshape: (next) => {
      change = next;
    },
    reshapeType: (wanted, next) => {
      const others = change;
      change = (pages, contentType) => (contentType === wanted ? next(pages) : others(pages, contentType));
    },
    beforeFetch: (next) => {
      hook = next;
    },
    startSubscription: async (_tenant, contentType) => {
      started.push(contentType);
      check('start', contentType);
      subscriptions.add(contentType);
      return await Promise.resolve(webhooks.started);
    },
    renewWebhook: async (_tenant, contentType) => {
      renewed.push(contentType);
      check('renew', contentType);
      subscriptions.add(contentType);
      await Promise.resolve();
    },
    stopSubscription: async (_tenant, contentType) => {
      check('stop', contentType);
      subscriptions.delete(contentType);
      await Promise.resolve();
    },
    listSubscriptions: async () => {
      check('subscriptions', '*');
      const rows = [...subscriptions].map((contentType) => ({
        contentType,
        enabled: true,
        webhook: webhooks.listed,
      }));
      return await Promise.resolve(rows);
    },
    listContent: (_tenant, contentType, window) => change(listPages(contentType, window), contentType),
    fetchContent: async (_tenant, contentUri) => {
      const found = published.find(({ content }) => content.contentUri === contentUri);
      const contentId = found?.content.contentId ?? contentUri;
      fetched.push(contentId);
      hook(contentId);
      check('fetch', contentId);
      if (found === undefined) throw refusal('gone', 'AF20050');
      const discard = () => void discarded.push(contentId);
      const answer = { answeredAt: feed.microsoftNow?.(), body: read(found.body), discard };
      return await Promise.resolve(answer);
    },
  };
  return feed;
}

/** A page on which everything is sound. */
export function pageOf(contents: readonly ContentBlob[], answeredAt?: Date): ContentPage {
  return { contents, unusable: [], answeredAt };
}

function refusal(action: UpstreamError['action'], code: string): UpstreamError {
  return new UpstreamError(action, code, `The feed answered ${code}.`);
}

function assertWindow({ start, end }: Window, now: Date): void {
  const lengthMs = end.getTime() - start.getTime();
  const tooOld = start.getTime() < now.getTime() - feedRetentionMs;
  // Its parameters have whole seconds: what is sent differs from what was meant otherwise.
  const isWhole = [start, end].every((time) => time.getUTCMilliseconds() === 0);
  if (!isWhole) throw new Error('A window must begin and end at a whole second.');
  if (lengthMs <= 0 || lengthMs > maxWindowMs || tooOld) throw refusal('fail', 'AF20055');
}

function isListed(contentType: ContentType, { start, end }: Window, now: Date) {
  return ({ content, listedAt }: Published): boolean =>
    content.contentType === contentType &&
    content.contentCreated >= start &&
    content.contentCreated < end &&
    listedAt <= now;
}

async function* read({ chunks, breaksWith }: FakeBody): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
  if (breaksWith !== undefined) throw breaksWith;
}
