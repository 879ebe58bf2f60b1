/** `POST /webhooks/enablement`: starts an enablement for who signs the request, or has a key with its scope. */
import type { HttpFunctionOptions, HttpRequest, HttpResponseInit } from '@azure/functions';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AccessLog, WebhookLog } from '../shared/access/access-log.ts';
import type { Caller } from '../shared/access/access.ts';
import { verifyWebhook } from '../shared/access/webhook-signature.ts';
import { enablementRequestSchema, findEnablement } from '../shared/enablement/enablement.ts';
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
  try {
    const response = await startSigned(deps, request, seen);
    await deps.accessLog.append({ ...entry, ...seen, outcome: 'accepted' });
    return response;
  } catch (error) {
    const code = error instanceof RequestError ? error.code : 'InternalError';
    await deps.accessLog.append({ ...entry, ...seen, outcome: 'refused', code });
    throw error;
  }
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
  const enablementId = randomUUID();
  const before =
    webhookId === undefined ? undefined : await deps.webhooks.remember(webhookId, enablementId, deps.now());
  if (before !== undefined)
    return accepted(request, await findEnablement(deps.enablements, tenant.tenantId, before));
  try {
    return accepted(request, await startEnablement(deps, tenant.tenantId, wanted, enablementId));
  } catch (error) {
    if (webhookId !== undefined) await deps.webhooks.forget(webhookId);
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

function accepted(
  request: HttpRequest,
  enablement: Parameters<typeof publicEnablement>[0],
): HttpResponseInit {
  const { tenantId, enablementId } = enablement;
  const monitor = new URL(`../tenants/${tenantId}/enablements/${enablementId}`, request.url).href;
  const headers = { Location: `${monitor}/result`, 'Operation-Location': monitor, 'Retry-After': '10' };
  return { status: 202, jsonBody: publicEnablement(enablement), headers };
}
