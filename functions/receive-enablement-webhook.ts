/** `POST /webhooks/enablement`: starts an enablement for who signs the request, or has a key with its scope. */
import type { HttpFunctionOptions, HttpRequest, HttpResponseInit } from '@azure/functions';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { WebhookLog } from '../shared/access/access-log.ts';
import type { Caller } from '../shared/access/access.ts';
import { acceptedHeaders, type ResultLinkDeps } from '../shared/access/result-link.ts';
import { verifyWebhook } from '../shared/access/webhook-signature.ts';
import {
  enablementRequestSchema,
  type Enablement,
  type EnablementRequest,
} from '../shared/enablement/enablement.ts';
import { publicEnablement } from '../shared/enablement/public-enablement.ts';
import { startEnablement, type StartEnablementDeps } from '../shared/enablement/start-enablement.ts';
import { readManagedTenant } from '../shared/tenants/managed.ts';
import { tenantIdSchema, type TenantStore } from '../shared/tenants/tenant.ts';
import { authenticated, parseBody, readBytes, type Call, type HttpDeps } from './http.ts';

export interface EnablementWebhookDeps extends HttpDeps, StartEnablementDeps, ResultLinkDeps {
  readonly signingKey: Buffer;
  readonly webhooks: WebhookLog;
  readonly tenants: TenantStore;
}

const webhookSchema = enablementRequestSchema.extend({ tenantId: tenantIdSchema });

export function receiveEnablementWebhookFunction(deps: EnablementWebhookDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'webhooks/enablement',
    identify: (request) => identify(deps, request),
    handler: (call) => startSigned(deps, call),
  });
}

async function startSigned(deps: EnablementWebhookDeps, call: Call): Promise<HttpResponseInit> {
  const { request, caller } = call;
  const { tenantId, ...wanted } = parseBody(await readBytes(request), webhookSchema);
  const opened = await deps.access.openTenant(caller, tenantId, 'auditing.enable');
  const tenant = await readManagedTenant(deps.tenants, opened.tenantId);
  const webhookId = caller.id === signer ? (request.headers.get('webhook-id') ?? undefined) : undefined;
  return accepted(deps, call, await startOnce(deps, { tenantId: tenant.tenantId, wanted }, webhookId));
}

interface WantedStart {
  readonly tenantId: string;
  readonly wanted: EnablementRequest;
}

/** The same webhook again gives what it started before. */
async function startOnce(
  deps: EnablementWebhookDeps,
  { tenantId, wanted }: WantedStart,
  webhookId: string | undefined,
): Promise<Enablement> {
  if (webhookId === undefined) return await startEnablement(deps, tenantId, wanted);
  // Whoever signs chooses ids: those of one tenant must not stand in another one's way.
  const key = `${tenantId} ${webhookId}`;
  const fresh = randomUUID();
  const enablementId = (await deps.webhooks.remember(key, fresh, deps.now())) ?? fresh;
  const before = await deps.enablements.get(tenantId, enablementId);
  if (before !== undefined) {
    // Sent again before anything has happened: its message may have been lost.
    const message = { version: 1, tenantId, enablementId } as const;
    if (before.status === 'NotStarted') await deps.queues.requestEnablementStep(message, 0);
    return before;
  }
  try {
    // One that is remembered and not there was lost between the two writes.
    return await startEnablement(deps, tenantId, wanted, enablementId);
  } catch (error) {
    await deps.webhooks.forget(key);
    throw error;
  }
}

const claim = z.object({ tenantId: tenantIdSchema });

/** Whom the body speaks for, before anything in it is believed: it only chooses the secret to check with. */
function claimOf(body: Buffer): { tenantId: string } {
  const nobody = { tenantId: '00000000-0000-0000-0000-000000000000' };
  try {
    return claim.safeParse(JSON.parse(body.toString('utf8'))).data ?? nobody;
  } catch {
    return nobody;
  }
}

/** Who signs is known by the secret alone. */
const signer = 'webhook';

/** A key or a token where one is sent; a signature otherwise. */
async function identify(deps: EnablementWebhookDeps, request: HttpRequest): Promise<Caller> {
  const { headers } = request;
  const body = await readBytes(request);
  const [apiKey, authorization] = [headers.get('x-api-key'), headers.get('authorization')];
  if (apiKey !== null || authorization !== null)
    return await deps.access.authenticate({ apiKey, authorization });
  const { tenantId } = claimOf(body);
  const signature = {
    id: headers.get('webhook-id'),
    timestamp: headers.get('webhook-timestamp'),
    signature: headers.get('webhook-signature'),
  };
  verifyWebhook({ headers: signature, body }, { signingKey: deps.signingKey, tenantId, now: deps.now() });
  return { id: signer, tenants: tenantId, scopes: ['auditing.enable'] };
}

function accepted(deps: EnablementWebhookDeps, call: Call, enablement: Enablement): HttpResponseInit {
  const { tenantId, enablementId: id } = enablement;
  const monitor = new URL(`../tenants/${tenantId}/enablements/${id}`, call.request.url).href;
  const headers = acceptedHeaders(deps, call, { tenantId, kind: 'enablements', id }, monitor);
  return { status: 202, jsonBody: publicEnablement(enablement), headers };
}
