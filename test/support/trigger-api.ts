/** The HTTP functions of feeds, searches and subscriptions, called as the host calls them. */
import * as feed from '../../functions/triggers/feed.ts';
import { plainAccess } from './access-defaults.ts';
import * as recordsOfSearch from '../../functions/triggers/list-records-of-search.ts';
import * as searches from '../../functions/triggers/searches.ts';
import * as subscriptions from '../../functions/triggers/subscriptions.ts';
import { served } from './served.ts';
import {
  HttpRequest,
  HttpResponse,
  InvocationContext,
  type HttpFunctionOptions,
  type HttpRequestInit,
} from '@azure/functions';
import { createAccess } from '../../shared/access/access.ts';
import type { ApiKeyStore } from '../../shared/access/api-keys.ts';
import type { SigningKeys } from '../../shared/access/signing-keys.ts';
import { createCapabilities } from '../../shared/access/capability-token.ts';
import { createPageTokens } from '../../shared/query/page-tokens.ts';
import { createFakePageTokenStore } from './fakes/page-token-store.ts';
import { createSkipTokens } from '../../shared/query/skip-token.ts';
import { createSetTokens } from '../../shared/query/sets/set-token.ts';
import { createTriggerStates } from '../../shared/feed/trigger-state.ts';
import type { DestinationStore } from '../../shared/destinations/destination.ts';
import type { ArrivalSequence } from '../../shared/feed/arrival-sequence.ts';
import type { FeedDeps } from '../../shared/feed/read-landings.ts';
import type { SearchStore } from '../../shared/searches/search.ts';
import type { TenantStore } from '../../shared/tenants/tenant.ts';
import type { WebhookSender } from '../../shared/webhooks/webhook-sender.ts';
import { expectDescribedInit } from './described-handler.ts';
import type { DeliveryQueue, SubscriptionStore } from '../../shared/webhooks/webhook-subscription.ts';
import { createFakeRecordIndex } from './fakes/record-index.ts';
import { createFakeHttpDeps } from './http-deps.ts';
import { paramsOf } from './route-params.ts';

export interface TriggerApiDeps extends FeedDeps {
  readonly arrivals: ArrivalSequence;
  readonly tenants: TenantStore;
  readonly keys: ApiKeyStore;
  readonly searches: SearchStore;
  readonly subscriptions: SubscriptionStore;
  readonly destinations: DestinationStore;
  readonly queues: DeliveryQueue;
  readonly webhookSender: WebhookSender;
  readonly signingKeys: SigningKeys;
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
  const { keys, tenants, telemetry, now, signingKeys } = given;
  const deps = {
    ...createFakeHttpDeps(now),
    ...given,
    access: createAccess({ ...plainAccess, keys, tenants, telemetry, now }),
    capabilities: createCapabilities({ signingKeys, keys, tenants, now }),
    triggerStates: createTriggerStates(signingKeys),
    publicUrl: undefined,
    index: { ...createFakeRecordIndex(), ...given.index },
    pageTokens: createPageTokens({
      skipTokens: createSkipTokens(signingKeys, now),
      store: createFakePageTokenStore(),
      now,
    }),
    setTokens: createPageTokens({
      skipTokens: createSetTokens(signingKeys, now),
      store: createFakePageTokenStore(),
      now,
    }),
    completeness: () =>
      Promise.resolve({ contentTypes: [], open: [], gaps: [], unindexedLandings: 0, recordsIndexing: 0 }),
  };
  const functions: readonly HttpFunctionOptions[] = [
    ...Object.values(feed).map((each) => served(deps, each)),
    ...Object.values(recordsOfSearch).map((each) => served(deps, each)),
    ...Object.values(searches).map((each) => served(deps, each)),
    ...Object.values(subscriptions).map((each) => served(deps, each)),
  ];
  return async (address: string, request: ApiRequest = {}): Promise<ApiAnswer> => {
    const url = new URL(address.startsWith('https:') ? address : `${apiRoot}/${address}`);
    const { method = 'GET' } = request;
    for (const { route = '', methods = [], handler } of functions) {
      const params = paramsOf(route, url.pathname.slice('/api/'.length));
      if (params === undefined || !methods.includes(method)) continue;
      const context = new InvocationContext({ functionName: route, logHandler: () => undefined });
      const given = await handler(new HttpRequest(initOf(url, params, request)), context);
      await expectDescribedInit({ method, url: url.href }, given);
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
