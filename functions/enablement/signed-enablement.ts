/** Starts an enablement for a signed request, or for a caller with the scope. */
import * as z from 'zod';
import type { Access, Caller } from '../../shared/access/access.ts';
import { callerWith } from '../../shared/access/caller.ts';
import type { LiveWebhookSecrets } from '../../shared/access/webhook-secrets.ts';
import { readWebhookHeaders, verifyWebhook } from '../../shared/access/webhook-signature.ts';
import * as api from '../../shared/api/enablements.ts';
import { publicEnablement } from '../../shared/enablement/public-enablement.ts';
import {
  startSignedEnablement,
  type SignedEnablementDeps,
} from '../../shared/enablement/start-enablement.ts';
import { handler } from '../../shared/http/handler.ts';
import { readBytes } from '../../shared/http/request-body.ts';
import type { ApiRequest } from '../../shared/http/request.ts';
import { resultToken, startedHeaders, type ResultLinkDeps } from '../../shared/http/operation-answers.ts';
import { parseJson } from '../../shared/json.ts';
import { readManagedTenant } from '../../shared/tenants/managed.ts';
import { tenantIdSchema, type TenantStore } from '../../shared/tenants/tenant.ts';

interface SignedDeps extends SignedEnablementDeps, ResultLinkDeps {
  readonly access: Access;
  readonly webhookSecrets: LiveWebhookSecrets;
  readonly tenants: TenantStore;
}

/** All senders of signed webhooks have one id: only the secret identifies them. */
const signer = 'webhook';

export const startSignedEnablementHandler = handler(
  api.startSignedEnablement,
  async (deps: SignedDeps, { request, caller, body, reply }) => {
    const { tenantId: claimed, ...wanted } = body;
    const opened = await deps.access.openTenant(caller, claimed, 'auditing.enable');
    const { tenantId } = await readManagedTenant(deps.tenants, opened.tenantId);
    const webhookId = caller.id === signer ? (request.headers.get('webhook-id') ?? undefined) : undefined;
    const start = { tenantId, request: wanted, createdBy: caller.id };
    const started = await startSignedEnablement(deps, start, webhookId);
    const monitor = new URL(`../tenants/${tenantId}/enablements/${started.id}`, request.url).href;
    const token = resultToken(deps, { request, caller }, 'enablements', started);
    return reply(202, publicEnablement(started), startedHeaders(monitor, token));
  },
  identify,
);

/**
 * By key or token if one is sent, by signature otherwise. A signature covers the body, which therefore has to be read
 * from a stranger: at most the 64 KiB of any body, and only if the signed headers could be valid.
 */
async function identify({ access, webhookSecrets, now }: SignedDeps, request: ApiRequest): Promise<Caller> {
  const { headers } = request;
  const [apiKey, authorization] = [headers.get('x-api-key'), headers.get('authorization')];
  if (apiKey !== null || authorization !== null) return await access.authenticate({ apiKey, authorization });
  const signature = {
    id: headers.get('webhook-id'),
    timestamp: headers.get('webhook-timestamp'),
    signature: headers.get('webhook-signature'),
  };
  readWebhookHeaders(signature, now());
  const body = await readBytes(request);
  const tenantId = claimOf(body);
  verifyWebhook({ headers: signature, body }, { secrets: await webhookSecrets.of(tenantId), now: now() });
  return callerWith(signer, { tenants: tenantId, scopes: ['auditing.enable'] });
}

const claim = z.object({ tenantId: tenantIdSchema });
const noTenant = '00000000-0000-0000-0000-000000000000';

/** The tenant that an unverified body names: it only selects the secret to verify with. */
function claimOf(body: Buffer): string {
  return claim.safeParse(parseJson(body.toString('utf8'))).data?.tenantId ?? noTenant;
}
