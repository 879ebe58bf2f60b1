/** The HTTP functions of feeds, searches and subscriptions, called as the host calls them. */
import {
  HttpRequest,
  HttpResponse,
  InvocationContext,
  type HttpFunctionOptions,
  type HttpRequestInit,
} from '@azure/functions';
import { createSubscriptionFunction } from '../../functions/create-subscription.ts';
import { deleteSearchFunction } from '../../functions/delete-search.ts';
import { deleteSubscriptionFunction } from '../../functions/delete-subscription.ts';
import { getRecordsFeedFunction } from '../../functions/get-records-feed.ts';
import { getSearchFeedFunction } from '../../functions/get-search-feed.ts';
import { getSearchFunction } from '../../functions/get-search.ts';
import { getSubscriptionFunction } from '../../functions/get-subscription.ts';
import { listSearchRecordsFunction } from '../../functions/list-search-records.ts';
import { listSearchesFunction } from '../../functions/list-searches.ts';
import { listSubscriptionsFunction } from '../../functions/list-subscriptions.ts';
import { putSearchFunction } from '../../functions/put-search.ts';
import { rotateSubscriptionSecretFunction } from '../../functions/rotate-subscription-secret.ts';
import { testSubscriptionFunction } from '../../functions/test-subscription.ts';
import { createAccess } from '../../shared/access/access.ts';
import type { ApiKeyStore } from '../../shared/access/api-keys.ts';
import { createCapabilities } from '../../shared/access/capability-token.ts';
import { createTriggerStates } from '../../shared/feed/trigger-state.ts';
import type { FeedDeps } from '../../shared/feed/read-feed.ts';
import type { SearchStore } from '../../shared/searches/search.ts';
import type { TenantStore } from '../../shared/tenants/tenant.ts';
import type { WebhookSender } from '../../shared/webhooks/webhook-sender.ts';
import { expectDescribedInit } from './described-handler.ts';
import type { DeliveryQueue, SubscriptionStore } from '../../shared/webhooks/webhook-subscription.ts';
import { createFakeHttpDeps } from './http-deps.ts';
import { paramsOf } from './route-params.ts';

export interface TriggerApiDeps extends FeedDeps {
  readonly tenants: TenantStore;
  readonly keys: ApiKeyStore;
  readonly searches: SearchStore;
  readonly subscriptions: SubscriptionStore;
  readonly queues: DeliveryQueue;
  readonly webhookSender: WebhookSender;
  readonly signingKey: Buffer;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly key?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const apiRoot = 'https://auditkeep.example/api';

export function createTriggerApi(given: TriggerApiDeps) {
  const { keys, tenants, telemetry, now, signingKey } = given;
  const deps = {
    ...given,
    ...createFakeHttpDeps(now),
    access: createAccess({ keys, tenants, telemetry, now }),
    capabilities: createCapabilities({ signingKey, keys, now }),
    triggerStates: createTriggerStates(signingKey),
    publicUrl: undefined,
    // Shows what the list of records was asked for in the search's stead.
    answerRecords: ({ request }: { readonly request: HttpRequest }) =>
      Promise.resolve({ jsonBody: { value: [], asked: request.url } }),
  };
  const functions: readonly HttpFunctionOptions[] = [
    ...[getRecordsFeedFunction(deps), getSearchFeedFunction(deps), listSearchRecordsFunction(deps)],
    ...[getSearchFunction(deps), putSearchFunction(deps), deleteSearchFunction(deps)],
    ...[listSearchesFunction(deps), createSubscriptionFunction(deps), listSubscriptionsFunction(deps)],
    ...[getSubscriptionFunction(deps), deleteSubscriptionFunction(deps), testSubscriptionFunction(deps)],
    rotateSubscriptionSecretFunction(deps),
  ];
  return async (address: string, request: ApiRequest = {}): Promise<ApiAnswer> => {
    const url = new URL(address.startsWith('https:') ? address : `${apiRoot}/${address}`);
    const { method = 'GET' } = request;
    for (const { route = '', methods = [], handler } of functions) {
      const params = paramsOf(route, url.pathname.slice('/api/'.length));
      if (params === undefined || !methods.includes(method)) continue;
      const context = new InvocationContext({ functionName: route, logHandler: () => undefined });
      const given = await handler(new HttpRequest(initOf(url, params, request)), context);
      // What answers in the stead of the list of records is none.
      if (!/\/searches\/[^/]+\/records$/.test(url.pathname)) {
        await expectDescribedInit({ method, url: url.href }, given);
      }
      return await toAnswer(given);
    }
    throw new Error(`No function answers ${method} ${url.pathname}.`);
  };
}

function initOf(
  { href: url }: URL,
  params: Record<string, string>,
  { method = 'GET', key, body, headers }: ApiRequest,
): HttpRequestInit {
  const credential = key === undefined ? {} : { 'x-api-key': key };
  return {
    ...{ method, url, params },
    headers: { 'content-type': 'application/json', ...credential, ...headers },
    ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
  };
}

async function toAnswer(given: Awaited<ReturnType<HttpFunctionOptions['handler']>>): Promise<ApiAnswer> {
  if (given instanceof HttpResponse) throw new Error('Handlers give plain answers.');
  const response = new HttpResponse(given);
  const text = await response.text();
  const json: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, json };
}
