/** `POST /tenants/{tenantId}/enablements`: makes auditing right in a tenant, as a long-running operation. */
import type { HttpFunctionOptions, HttpRequest, HttpResponseInit } from '@azure/functions';
import { enablementRequestSchema } from '../shared/enablement/enablement.ts';
import { publicEnablement } from '../shared/enablement/public-enablement.ts';
import {
  EnablementInProgressError,
  startEnablement,
  type StartEnablementDeps,
} from '../shared/enablement/start-enablement.ts';
import { RequestError } from '../shared/errors.ts';
import { readInCare } from '../shared/tenants/in-care.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';
import { addressOf, authenticated, pathParameter, readBody, type Call, type HttpDeps } from './http.ts';

export type StartEnablementFunctionDeps = HttpDeps & StartEnablementDeps & { readonly tenants: TenantStore };

export function startEnablementFunction(deps: StartEnablementFunctionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/enablements',
    handler: (call) => answerStart(deps, call),
  });
}

async function answerStart(
  deps: StartEnablementFunctionDeps,
  { request, caller }: Call,
): Promise<HttpResponseInit> {
  const opened = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'auditing.enable');
  const tenant = await readInCare(deps.tenants, opened.tenantId);
  const wanted = await readBody(request, enablementRequestSchema);
  try {
    const enablement = await startEnablement(deps, tenant.tenantId, wanted);
    const headers = operationHeaders(request, enablement.enablementId);
    return { status: 202, jsonBody: publicEnablement(enablement), headers };
  } catch (error) {
    if (!(error instanceof EnablementInProgressError)) throw error;
    const { status, code, message, enablementId } = error;
    const headers = { Location: addressOf(request, enablementId) };
    throw new RequestError(status, code, message, { headers, cause: error });
  }
}

/** What flows follow (the result) and what Azure clients follow (the status monitor). */
function operationHeaders(request: HttpRequest, enablementId: string): Record<string, string> {
  return {
    Location: addressOf(request, `${enablementId}/result`),
    'Operation-Location': addressOf(request, enablementId),
    'Retry-After': '10',
  };
}
