/** `POST /webhooks/enablement`: starts an enablement for who signs the request, or has a key with its scope. */
import type { HttpFunctionOptions, HttpRequest, HttpResponseInit } from '@azure/functions';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AccessLog, WebhookLog } from '../shared/access/access-log.ts';
import type { Caller } from '../shared/access/access.ts';
import { verifyWebhook } from '../shared/access/webhook-signature.ts';
import {
  enablementRequestSchema,
  type Enablement,
  type EnablementRequest,
} from '../shared/enablement/enablement.ts';
import { publicEnablement } from '../shared/enablement/public-enablement.ts';
import { startEnablement, type StartEnablementDeps } from '../shared/enablement/start-enablement.ts';
import { RequestError } from '../shared/errors.ts';
import { tenantIdSchema } from '../shared/tenants/tenant.ts';
import { answer, parseBody, readBytes, type HttpDeps } from './http.ts';

export interface EnablementWebhookDeps extends HttpDeps, StartEnablementDeps {
  readonly signingKey: Buffer;
  readonly webhooks: WebhookLog;
  readonly accessLog: AccessLog;
}

const webhookSchema = enablementRequestSchema.extend({ tenantId: tenantIdSchema });

export function receiveEnablementWebhookFunction(deps: EnablementWebhookDeps): HttpFunctionOptions {
  return {
    methods: ['POST'],
    route: 'webhooks/enablement',
    authLevel: 'anonymous',
    handler: (request, context) => answer(deps, { request, context }, () => receive(deps, request)),
  };
}

/** Every call leaves an entry, whatever comes of it. */
async function receive(deps: EnablementWebhookDeps, request: HttpRequest): Promise<HttpResponseInit> {
  const entry = { at: deps.now(), action: 'enablement.start' };
  const seen: { caller?: string; tenantId?: string } = {};
  const response = await startSigned(deps, request, seen).catch(async (error: unknown) => {
    const code = error instanceof RequestError ? error.code : 'InternalError';
    await deps.accessLog.append({ ...entry, ...seen, outcome: 'refused', code });
    throw error;
  });
  await deps.accessLog.append({ ...entry, ...seen, outcome: 'accepted' });
  return response;
}

async function startSigned(
  deps: EnablementWebhookDeps,
  request: HttpRequest,
  seen: { caller?: string; tenantId?: string },
): Promise<HttpResponseInit> {
  const body = await readBytes(request);
  const { tenantId: claimed } = claimOf(body);
  const { caller, webhookId } = await identify(deps, request, { body, claimed });
  Object.assign(seen, { caller: caller.id, tenantId: claimed });
  const { tenantId, ...wanted } = parseBody(body, webhookSchema);
  const tenant = await deps.access.openTenant(caller, tenantId, 'auditing.enable');
  const started = { tenantId: tenant.tenantId, wanted };
  return accepted(request, await startOnce(deps, started, webhookId));
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

/** A key where one is sent; a signature otherwise. */
async function identify(
  deps: EnablementWebhookDeps,
  { headers }: HttpRequest,
  { body, claimed }: { body: Buffer; claimed: string },
): Promise<{ caller: Caller; webhookId?: string }> {
  const apiKey = headers.get('x-api-key');
  if (apiKey !== null) return { caller: await deps.access.authenticate(apiKey) };
  const signed = {
    headers: {
      id: headers.get('webhook-id'),
      timestamp: headers.get('webhook-timestamp'),
      signature: headers.get('webhook-signature'),
    },
    body,
  };
  const webhookId = verifyWebhook(signed, {
    signingKey: deps.signingKey,
    tenantId: claimed,
    now: deps.now(),
  });
  return { caller: { id: 'webhook', tenants: claimed, scopes: ['auditing.enable'] }, webhookId };
}

function accepted(request: HttpRequest, enablement: Enablement): HttpResponseInit {
  const { tenantId, enablementId } = enablement;
  const monitor = new URL(`../tenants/${tenantId}/enablements/${enablementId}`, request.url).href;
  const headers = { Location: `${monitor}/result`, 'Operation-Location': monitor, 'Retry-After': '10' };
  return { status: 202, jsonBody: publicEnablement(enablement), headers };
}
