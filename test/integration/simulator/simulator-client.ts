/** Starts a simulator for a test and calls it over HTTPS like a client. */

import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios, { type AxiosResponse } from 'axios';
import * as z from 'zod';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import type { FeedContentType, SimulatedTenant } from '../../simulator/tenant.ts';

export const fabrikam = 'a3c5e7f9-1b2d-4f60-8a7c-9e0d1c2b3a41';
export const adatum = 'b4d6f80a-2c3e-4071-9b8d-af1e2d3c4b52';
export const publisherId = 'c2a7f9d4-1e6b-4d0f-b6a3-94e8d5270f43';
export const activityScope = 'https://manage.office.com/.default';
export const graphScope = 'https://graph.microsoft.com/.default';

const contentItemSchema = z.strictObject({
  contentType: z.string(),
  contentId: z.string(),
  contentUri: z.url(),
  contentCreated: z.iso.datetime(),
  contentExpiration: z.iso.datetime(),
});
const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const tokenSchema = z.object({ access_token: z.string() });

export type ContentItem = z.output<typeof contentItemSchema>;
export type HttpResponse = AxiosResponse<string>;

interface CallOptions {
  readonly tenantId?: string;
  readonly scope?: string;
  /** Sent instead of a fresh token; an empty string sends none. */
  readonly token?: string;
}

export interface SimulatorClient {
  readonly simulator: Simulator;
  readonly agent: Agent;
  token(tenantId: string, scope?: string): Promise<string>;
  requestToken(tenantId: string, form: Readonly<Record<string, string>>): Promise<HttpResponse>;
  /** GET of a path or absolute URL with a bearer token; every status is a result. */
  get(target: string, options?: CallOptions): Promise<HttpResponse>;
  post(target: string, options?: CallOptions & { readonly body?: unknown }): Promise<HttpResponse>;
  subscribe(contentType: FeedContentType, tenantId?: string): Promise<HttpResponse>;
  stop(): Promise<void>;
}

export const tenantOf = (tenantId: string, changes: Partial<SimulatedTenant> = {}): SimulatedTenant => ({
  tenantId,
  displayName: 'Fabrikam',
  domain: `${tenantId.slice(0, 4)}.fabrikam.example`,
  auditingEnabled: true,
  records: [],
  directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  ...changes,
});

export const startClient = async (options: Partial<SimulatorOptions> = {}): Promise<SimulatorClient> => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-test-'));
  const caFile = join(folder, 'ca.pem');
  const tenants = [tenantOf(fabrikam), tenantOf(adatum)];
  const simulator = await startSimulator({ tenants, caFile, ...options });
  const agent = new Agent({ ca: simulator.caPem, keepAlive: true });
  const http = axios.create({
    baseURL: simulator.baseUrl,
    httpsAgent: agent,
    proxy: false,
    responseType: 'text',
    transformResponse: (data: unknown) => data,
    validateStatus: () => true,
  });

  const requestToken = (tenantId: string, form: Readonly<Record<string, string>>): Promise<HttpResponse> =>
    http.post(`/${tenantId}/oauth2/v2.0/token`, new URLSearchParams(form));

  const token = async (tenantId: string, scope = activityScope): Promise<string> => {
    const { clientId, clientSecret } = simulator;
    const form = {
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: 'client_credentials',
      scope,
    };
    return tokenSchema.parse(json(await requestToken(tenantId, form))).access_token;
  };

  const headersOf = async (call: CallOptions): Promise<Record<string, string>> => {
    const bearer = call.token ?? (await token(call.tenantId ?? fabrikam, call.scope));
    return bearer === '' ? {} : { Authorization: `Bearer ${bearer}` };
  };

  const post: SimulatorClient['post'] = async (target, call = {}) =>
    http.post(target, call.body, { headers: await headersOf(call) });

  return {
    simulator,
    agent,
    token,
    requestToken,
    get: async (target, call = {}) => http.get(target, { headers: await headersOf(call) }),
    post,
    subscribe: (contentType, tenantId = fabrikam) =>
      post(feedPath(`subscriptions/start?contentType=${contentType}`, tenantId), { tenantId }),
    stop: async () => {
      agent.destroy();
      await simulator.stop();
      await rm(folder, { recursive: true });
    },
  };
};

export const feedPath = (rest: string, tenantId: string = fabrikam): string =>
  `/api/v1.0/${tenantId}/activity/feed/${rest}`;

/** Path of a content listing around now, or of the given window. */
export const contentPath = (
  contentType: FeedContentType,
  window?: { start: string; end: string },
): string => {
  // The same time for both, because a window of a day and a millisecond is refused.
  const now = Date.now();
  const start = window?.start ?? new Date(now - 23 * 60 * 60 * 1000).toISOString();
  const end = window?.end ?? new Date(now + 60 * 60 * 1000).toISOString();
  return feedPath(`subscriptions/content?contentType=${contentType}&startTime=${start}&endTime=${end}`);
};

export const json = (response: HttpResponse): unknown => JSON.parse(response.data);

export const itemsOf = (response: HttpResponse): readonly ContentItem[] =>
  z.array(contentItemSchema).parse(json(response));

/** Status and code of a refusal, for example `400 AF20055`. */
export const refusalOf = (response: HttpResponse): string =>
  `${response.status} ${errorSchema.parse(json(response)).error.code}`;

export const nextPageOf = (response: HttpResponse): string | undefined =>
  z.string().optional().parse(response.headers['nextpageuri']);
