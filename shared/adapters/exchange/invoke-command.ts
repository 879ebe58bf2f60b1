/** The InvokeCommand endpoint that Microsoft's own Exchange module uses; Microsoft does not document it. */
import type { AxiosResponse } from 'axios';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import { cloudEndpoints } from '../../activity/clouds.ts';
import type { Budget } from '../../budget.ts';
import { UpstreamError } from '../../errors.ts';
import type { TokenProvider } from '../entra/token-provider.ts';
import type { Meter } from '../../telemetry.ts';
import {
  countThrottle,
  createMicrosoftHttp,
  ensureOwnLink,
  parseAnswer,
  retryAfterMs,
} from '../microsoft-http.ts';
import { classifyExchangeError } from './exchange-errors.ts';

export interface ExchangeOptions {
  readonly tokens: TokenProvider;
  /** Instead of the cloud's own root. */
  readonly exchangeUrl: string | undefined;
  readonly retryBaseMs?: number;
  readonly meter?: Meter | undefined;
}

export interface Cmdlet {
  readonly name: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Exchange of one tenant, within one budget. */
export interface Exchange {
  /** Runs one cmdlet and gives its objects. @throws UpstreamError */
  invoke(cmdlet: Cmdlet): Promise<readonly unknown[]>;
  /** Runs one cmdlet, page by page to the last. @throws UpstreamError */
  pages(cmdlet: Cmdlet): AsyncIterable<readonly unknown[]>;
  /** Runs many cmdlets, ten a request; gives the error of each, in order. @throws UpstreamError when all are refused */
  invokeAll(cmdlets: readonly Cmdlet[]): Promise<readonly (UpstreamError | undefined)[]>;
}

export type OpenExchange = (tenant: TenantRef, budget: Budget | undefined) => Exchange;

/** A batch holds ten requests at most. */
const batchSize = 10;
const pageSize = 1000;

/** Requests are routed by an anchor mailbox; the switch of the audit log has its own. */
const anchors = {
  any: 'bb558c35-97f1-4cb9-8ff7-d53741dc928c',
  auditLogSwitch: '8cc370d3-822a-4ab8-a926-bb94bd0641a9',
} as const;

const answer = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.url().optional() });

const batchAnswer = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.unknown().optional() })),
});

interface Client {
  readonly tenant: TenantRef;
  /** Without a slash at its end. */
  readonly root: string;
  readonly post: (url: string, headers: Headers, data: object) => Promise<AxiosResponse<unknown>>;
  readonly meter: Meter | undefined;
}

type Headers = Readonly<Record<string, string>>;

export function createExchange(options: ExchangeOptions): OpenExchange {
  const http = createMicrosoftHttp({ ...options, resource: 'exchange', maxSockets: 8, classifyError });
  return (tenant, budget) => {
    const { tenantId, cloud } = tenant;
    const client: Client = {
      tenant,
      root: `${options.exchangeUrl ?? cloudEndpoints[cloud].exchangeUrl}/adminapi/beta/${tenantId}`,
      post: (url, headers, data) =>
        http.send<unknown>(tenant, { method: 'POST', url, headers, data }, budget),
      meter: options.meter,
    };
    return {
      async invoke(cmdlet) {
        return (await post(client, { url: `${client.root}/InvokeCommand`, cmdlet })).page.value;
      },
      pages: (cmdlet) => readPages(client, cmdlet),
      invokeAll: (cmdlets) => invokeAll(client, cmdlets),
    };
  };
}

async function invokeAll(client: Client, cmdlets: readonly Cmdlet[]) {
  const outcomes: (UpstreamError | undefined)[] = [];
  for (let at = 0; at < cmdlets.length; at += batchSize) {
    outcomes.push(...(await invokeBatch(client, cmdlets.slice(at, at + batchSize))));
  }
  return outcomes;
}

async function* readPages(client: Client, cmdlet: Cmdlet): AsyncGenerator<readonly unknown[]> {
  const first = `${client.root}/InvokeCommand`;
  let cookies: string | undefined;
  // The next page is requested with the same body and headers.
  for (let url: string | undefined = first; url !== undefined;) {
    ensureOwnLink(url, first, 'Exchange');
    const response: Posted = await post(client, { url, cmdlet, cookies });
    // Only the server that began a list can continue it; the cookies route to that server.
    cookies = response.cookies ?? cookies;
    yield response.page.value;
    url = response.page['@odata.nextLink'];
  }
}

interface Posting {
  readonly url: string;
  readonly cmdlet: Cmdlet;
  readonly cookies?: string | undefined;
}

interface Posted {
  readonly page: z.infer<typeof answer>;
  readonly cookies: string | undefined;
}

async function post(client: Client, { url, cmdlet, cookies }: Posting): Promise<Posted> {
  const headers = headersOf(client.tenant, cmdlet);
  if (cookies !== undefined) headers['Cookie'] = cookies;
  const response = await client.post(url, headers, bodyOf(cmdlet));
  const page = parseAnswer(answer, response.data, 'Exchange');
  const set = response.headers['set-cookie']?.map((cookie) => cookie.split(';')[0]);
  return { page, cookies: set?.join('; ') };
}

async function invokeBatch(
  { tenant, root, post: send, meter }: Client,
  cmdlets: readonly Cmdlet[],
): Promise<readonly (UpstreamError | undefined)[]> {
  const requests = cmdlets.map((cmdlet, index) => ({
    id: String(index + 1),
    method: 'POST',
    url: `${root}/InvokeCommand`,
    headers: headersOf(tenant, cmdlet),
    body: bodyOf(cmdlet),
  }));
  const prefer = `odata.maxpagesize = ${pageSize};odata.continue-on-error`;
  const headers = { ...commonHeaders(tenant, anchors.any), Prefer: prefer };
  const { data } = await send(`${root}/$batch`, headers, { requests });
  const { responses } = parseAnswer(batchAnswer, data, 'Exchange');
  const byId = new Map(responses.map((response) => [response.id, response]));
  const outcomes = requests.map(({ id }) => classifyPart(byId.get(id)));
  for (const outcome of outcomes) {
    if (outcome?.action === 'pause') countThrottle({ meter, resource: 'exchange' }, tenant);
  }
  return outcomes;
}

function classifyPart(part: { status: number; body?: unknown } | undefined): UpstreamError | undefined {
  if (part === undefined)
    return new UpstreamError('retry', 'NoAnswer', 'Exchange omitted this command from its response.');
  if (part.status >= 200 && part.status < 300) return undefined;
  const body = typeof part.body === 'string' ? part.body : JSON.stringify(part.body ?? '');
  return classifyExchangeError({ status: part.status, body, retryAfterMs: undefined });
}

function bodyOf({ name, parameters = {} }: Cmdlet) {
  return { CmdletInput: { CmdletName: name, Parameters: parameters } };
}

function headersOf(tenant: TenantRef, { name }: Cmdlet): Record<string, string> {
  const anchor = name === 'Set-AdminAuditLogConfig' ? anchors.auditLogSwitch : anchors.any;
  return { ...commonHeaders(tenant, anchor), 'X-CmdletName': name, Prefer: `odata.maxpagesize=${pageSize}` };
}

function commonHeaders({ tenantId }: TenantRef, anchor: string): Record<string, string> {
  return {
    'Content-Type': 'application/json; charset=utf-8',
    Accept: 'application/json; odata.metadata=minimal',
    'X-AnchorMailbox': `APP:SystemMailbox{${anchor}}@${tenantId}`,
    'X-ClientApplication': 'Auditkeep',
    'client-request-id': randomUUID(),
  };
}

function classifyError(response: AxiosResponse, body: string): UpstreamError {
  return classifyExchangeError({ status: response.status, body, retryAfterMs: retryAfterMs(response) });
}
