/** The InvokeCommand endpoint that Microsoft's own Exchange module uses; Microsoft does not document it. */
import type { AxiosResponse } from 'axios';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import { cloudEndpoints } from '../../activity/clouds.ts';
import { UpstreamError } from '../../errors.ts';
import type { TokenProvider } from '../entra/token-provider.ts';
import type { Meter } from '../../telemetry.ts';
import { countThrottle, createMicrosoftHttp, retryAfterMs, type MicrosoftHttp } from '../microsoft-http.ts';
import { judgeExchange } from './exchange-errors.ts';

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

export interface Exchange {
  /** One cmdlet; its objects. @throws UpstreamError */
  invoke(tenant: TenantRef, cmdlet: Cmdlet): Promise<readonly unknown[]>;
  /** One cmdlet, page by page to the last. @throws UpstreamError */
  pages(tenant: TenantRef, cmdlet: Cmdlet): AsyncIterable<readonly unknown[]>;
  /** Many cmdlets, ten a request; what went wrong with each, in order. @throws UpstreamError when all are refused */
  invokeAll(tenant: TenantRef, cmdlets: readonly Cmdlet[]): Promise<readonly (UpstreamError | undefined)[]>;
}

/** A batch holds ten requests at most. */
const batchSize = 10;
const pageSize = 1000;

/** Requests are routed by an anchor mailbox; the switch of the audit log has one of its own. */
const anchors = {
  any: 'bb558c35-97f1-4cb9-8ff7-d53741dc928c',
  auditLogSwitch: '8cc370d3-822a-4ab8-a926-bb94bd0641a9',
} as const;

const answer = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.url().optional() });

const batchAnswer = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.unknown().optional() })),
});

interface Client {
  readonly http: MicrosoftHttp;
  readonly rootOf: (tenant: TenantRef) => string;
  readonly meter: Meter | undefined;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const client: Client = {
    meter: options.meter,
    http: createMicrosoftHttp({ ...options, resource: 'exchange', maxSockets: 8, judge }),
    rootOf: ({ tenantId, cloud }) =>
      `${options.exchangeUrl ?? cloudEndpoints[cloud].exchangeUrl}/adminapi/beta/${tenantId}`,
  };
  return {
    async invoke(tenant, cmdlet) {
      const url = `${client.rootOf(tenant)}/InvokeCommand`;
      return (await post(client, tenant, { url, cmdlet })).page.value;
    },
    pages: (tenant, cmdlet) => readPages(client, tenant, cmdlet),
    async invokeAll(tenant, cmdlets) {
      const outcomes: (UpstreamError | undefined)[] = [];
      for (let at = 0; at < cmdlets.length; at += batchSize) {
        outcomes.push(...(await invokeBatch(client, tenant, cmdlets.slice(at, at + batchSize))));
      }
      return outcomes;
    },
  };
}

async function* readPages(
  client: Client,
  tenant: TenantRef,
  cmdlet: Cmdlet,
): AsyncGenerator<readonly unknown[]> {
  const first = `${client.rootOf(tenant)}/InvokeCommand`;
  let cookies: string | undefined;
  // The next page is asked for with the same body and headers.
  for (let url: string | undefined = first; url !== undefined;) {
    if (new URL(url).origin !== new URL(first).origin) {
      throw new UpstreamError(
        'fail',
        'ForeignHost',
        'Exchange named an address that is not its own; it was not followed.',
      );
    }
    const response: Posted = await post(client, tenant, { url, cmdlet, cookies });
    // Only the server that began a list can go on with it; cookies lead there.
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

async function post({ http }: Client, tenant: TenantRef, posting: Posting): Promise<Posted> {
  const { url, cmdlet, cookies } = posting;
  const headers = { ...headersOf(tenant, cmdlet), ...(cookies === undefined ? {} : { Cookie: cookies }) };
  const response = await http.send<unknown>(tenant, { method: 'POST', url, headers, data: bodyOf(cmdlet) });
  const parsed = answer.safeParse(response.data);
  if (parsed.success) {
    const set = response.headers['set-cookie']?.map((cookie) => cookie.split(';')[0]);
    return { page: parsed.data, cookies: set?.join('; ') };
  }
  throw new UpstreamError(
    'retry',
    'UnexpectedAnswer',
    'Exchange answered with something that is not its own.',
  );
}

async function invokeBatch(
  client: Client,
  tenant: TenantRef,
  cmdlets: readonly Cmdlet[],
): Promise<readonly (UpstreamError | undefined)[]> {
  const root = client.rootOf(tenant);
  const requests = cmdlets.map((cmdlet, index) => ({
    id: String(index + 1),
    method: 'POST',
    url: `${root}/InvokeCommand`,
    headers: headersOf(tenant, cmdlet),
    body: bodyOf(cmdlet),
  }));
  const prefer = `odata.maxpagesize = ${pageSize};odata.continue-on-error`;
  const headers = { ...commonHeaders(tenant, anchors.any), Prefer: prefer };
  const { data } = await client.http.send<unknown>(tenant, {
    method: 'POST',
    url: `${root}/$batch`,
    headers,
    data: { requests },
  });
  const parsed = batchAnswer.safeParse(data);
  if (!parsed.success)
    throw new UpstreamError('retry', 'UnexpectedAnswer', 'Exchange answered a batch with something else.');
  const byId = new Map(parsed.data.responses.map((response) => [response.id, response]));
  const outcomes = requests.map(({ id }) => judgePart(byId.get(id)));
  const { meter } = client;
  for (const outcome of outcomes) {
    if (outcome?.action === 'pause') countThrottle({ meter, resource: 'exchange' }, tenant);
  }
  return outcomes;
}

function judgePart(part: { status: number; body?: unknown } | undefined): UpstreamError | undefined {
  if (part === undefined)
    return new UpstreamError('retry', 'NoAnswer', 'Exchange left this out of its answer.');
  if (part.status >= 200 && part.status < 300) return undefined;
  const body = typeof part.body === 'string' ? part.body : JSON.stringify(part.body ?? '');
  return judgeExchange({ status: part.status, body, retryAfterMs: undefined });
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

function judge(response: AxiosResponse, body: string): UpstreamError {
  return judgeExchange({ status: response.status, body, retryAfterMs: retryAfterMs(response) });
}
