/** The InvokeCommand endpoint that Microsoft's own Exchange module uses; Microsoft does not document it. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import type { Budget } from '../../budget.ts';
import { UpstreamError } from '../../errors.ts';
import {
  createMicrosoftApi,
  type Answer,
  type MicrosoftApi,
  type MicrosoftConnection,
  type MicrosoftRequest,
} from '../microsoft/api.ts';
import { odataList, odataPage } from '../microsoft/odata.ts';
import type { Cmdlet } from './cmdlets.ts';
import { classifyExchangeError } from './exchange-errors.ts';

export interface ExchangeOptions extends MicrosoftConnection {
  /** Instead of the cloud's own root. */
  readonly exchangeUrl: string | undefined;
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

/** A page has a thousand mailboxes with all their properties, some 15 KB each. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** Requests are routed by an anchor mailbox; the switch of the audit log has its own. */
const anchors = {
  any: 'bb558c35-97f1-4cb9-8ff7-d53741dc928c',
  auditLogSwitch: '8cc370d3-822a-4ab8-a926-bb94bd0641a9',
} as const;

const answer = odataPage(z.unknown());

const batchAnswer = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.unknown().optional() })),
});

export function createExchange({ exchangeUrl, ...connection }: ExchangeOptions): OpenExchange {
  const open = createMicrosoftApi({
    ...connection,
    resource: 'exchange',
    rootUrl: exchangeUrl,
    maxSockets: 8,
    maxAnswerBytes,
    classifyError: classifyExchangeError,
  });
  return (tenant, budget) => {
    const api = open(tenant, budget);
    return {
      invoke: async (cmdlet) => (await api.read(answer, requestOf(api, cmdlet))).data.value,
      pages: (cmdlet) => readPages(api, cmdlet),
      invokeAll: (cmdlets) => invokeAll(api, cmdlets),
    };
  };
}

async function invokeAll(api: MicrosoftApi, cmdlets: readonly Cmdlet[]) {
  const outcomes: (UpstreamError | undefined)[] = [];
  for (let at = 0; at < cmdlets.length; at += batchSize) {
    outcomes.push(...(await invokeBatch(api, cmdlets.slice(at, at + batchSize))));
  }
  return outcomes;
}

async function* readPages(api: MicrosoftApi, cmdlet: Cmdlet): AsyncGenerator<readonly unknown[]> {
  let cookie: string | undefined;
  const next = ({ data, headers }: Answer<z.output<typeof answer>>) => {
    // Only the server that began a list can continue it; the cookies route to that server.
    cookie = headers['set-cookie']?.map((set) => set.split(';')[0]).join('; ') ?? cookie;
    const url = data['@odata.nextLink'];
    // The next page is requested with the same body and headers.
    return url === undefined ? undefined : { ...requestOf(api, cmdlet, cookie), url };
  };
  const list = { ...odataList(z.unknown(), requestOf(api, cmdlet)), next };
  for await (const { data } of api.pages(list)) yield data.value;
}

function requestOf(api: MicrosoftApi, cmdlet: Cmdlet, cookie?: string): MicrosoftRequest {
  const headers = headersOf(api.tenant, cmdlet);
  if (cookie !== undefined) headers['Cookie'] = cookie;
  const { name: CmdletName, parameters: Parameters = {} } = cmdlet;
  const data = { CmdletInput: { CmdletName, Parameters } };
  return { method: 'POST', url: `${adminApi(api)}/InvokeCommand`, headers, data };
}

function adminApi({ root, tenant }: MicrosoftApi): string {
  return `${root}/adminapi/beta/${tenant.tenantId}`;
}

async function invokeBatch(
  api: MicrosoftApi,
  cmdlets: readonly Cmdlet[],
): Promise<readonly (UpstreamError | undefined)[]> {
  const requests = cmdlets.map((cmdlet, index) => {
    const { data: body, ...request } = requestOf(api, cmdlet);
    return { id: String(index + 1), ...request, body };
  });
  const prefer = `odata.maxpagesize = ${pageSize};odata.continue-on-error`;
  const headers = { ...commonHeaders(api.tenant, anchors.any), Prefer: prefer };
  const url = `${adminApi(api)}/$batch`;
  const { data } = await api.read(batchAnswer, { method: 'POST', url, headers, data: { requests } });
  const byId = new Map(data.responses.map((response) => [response.id, response]));
  const outcomes = requests.map(({ id }) => classifyPart(byId.get(id)));
  for (const outcome of outcomes) if (outcome?.action === 'pause') api.countThrottle();
  return outcomes;
}

function classifyPart(part: { status: number; body?: unknown } | undefined): UpstreamError | undefined {
  if (part === undefined)
    return new UpstreamError('retry', 'NoAnswer', 'Exchange omitted this command from its response.');
  if (part.status >= 200 && part.status < 300) return undefined;
  const body = typeof part.body === 'string' ? part.body : JSON.stringify(part.body ?? '');
  return classifyExchangeError({ status: part.status, body, retryAfterMs: undefined });
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
