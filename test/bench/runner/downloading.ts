/** What landing is held against: the same requests with the same connections, and the bodies thrown away. */
import axios from 'axios';
import { Agent } from 'node:https';
import pMap from 'p-map';
import * as z from 'zod';
import type { Config } from '../../../shared/config.ts';
import type { download, InputOf, ResultOf } from '../tasks.ts';
import { timed } from './clock.ts';
import type { Product } from './product.ts';

const page = z.array(z.object({ contentUri: z.url() }));
const timeoutMs = 90_000;

/** Connections are kept from one run to the next, as the app's are. */
export function createDownloader({ endpoints, poll, publisherId }: Config, { feed, tokens }: Product) {
  const maxSockets = poll.fetchConcurrency * poll.tenantConcurrency;
  const client = axios.create({
    httpsAgent: new Agent({ keepAlive: true, maxSockets, timeout: timeoutMs }),
    timeout: timeoutMs,
    maxRedirects: 0,
    proxy: false,
  });
  async function* list(first: string): AsyncGenerator<string> {
    for (let url: string | undefined = first; url !== undefined;) {
      const response = await client.get<unknown>(url);
      for (const { contentUri } of page.parse(response.data)) yield contentUri;
      const next: unknown = response.headers['nextpageuri'];
      url = typeof next === 'string' ? next : undefined;
    }
  }
  async function fetchAway(contentUri: string): Promise<number> {
    const { data } = await client.get<AsyncIterable<Buffer>>(contentUri, { responseType: 'stream' });
    let bytes = 0;
    for await (const chunk of data) bytes += chunk.length;
    return bytes;
  }
  return async (stretch: InputOf<typeof download>): Promise<ResultOf<typeof download>> => {
    const tenant = { tenantId: stretch.tenantId, cloud: 'enterprise' } as const;
    await feed.startSubscription(tenant, stretch.contentType);
    client.defaults.headers.common.Authorization = `Bearer ${await tokens.token(tenant, 'activityApi')}`;
    const url = listingUrl(endpoints.activityApiUrl ?? '', publisherId, stretch);
    const { value: sizes, ...spent } = await timed(() =>
      pMap(list(url), fetchAway, { concurrency: poll.fetchConcurrency }),
    );
    return { ...spent, contentBlobs: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  };
}

function listingUrl(
  root: string,
  publisherId: string,
  { tenantId, contentType, from, to }: InputOf<typeof download>,
): string {
  const [startTime, endTime] = [from, to].map((time) => new Date(time).toISOString().slice(0, 19));
  const query = `contentType=${contentType}&startTime=${startTime ?? ''}&endTime=${endTime ?? ''}`;
  return `${root}/api/v1.0/${tenantId}/activity/feed/subscriptions/content?${query}&PublisherIdentifier=${publisherId}`;
}
