/** `GET …/enablements/{enablementId}/result`: 202 while it runs, then what came of it: 200, or 422 if all failed. */
import type { HttpFunctionOptions, HttpResponseInit } from '@azure/functions';
import { identifyResultReader, waitingHeaders, type ResultReaderDeps } from '../shared/access/result-link.ts';
import {
  findEnablement,
  isFinished,
  type Enablement,
  type EnablementStore,
} from '../shared/enablement/enablement.ts';
import { publicEnablement } from '../shared/enablement/public-enablement.ts';
import { addressOf, authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

type EnablementResultDeps = HttpDeps & ResultReaderDeps & { readonly enablements: EnablementStore };

const kind = 'enablements';

export function getEnablementResultFunction(deps: EnablementResultDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/enablements/{enablementId}/result',
    identify: (request) =>
      identifyResultReader(deps, request, {
        tenantId: pathParameter(request, 'tenantId'),
        kind,
        id: pathParameter(request, 'enablementId'),
      }),
    handler: (call) => answerResult(deps, call),
  });
}

async function answerResult(deps: EnablementResultDeps, call: Call): Promise<HttpResponseInit> {
  const { request, caller } = call;
  const { tenantId } = await deps.access.openTenant(
    caller,
    pathParameter(request, 'tenantId'),
    'records.read',
  );
  const found = await findEnablement(deps.enablements, tenantId, pathParameter(request, 'enablementId'));
  if (isFinished(found)) return resultOf(found);
  const { enablementId: id } = found;
  const headers = waitingHeaders(deps, call, { tenantId, kind, id }, addressOf(request, `../../${id}`));
  return { status: 202, jsonBody: publicEnablement(found), headers };
}

/** Partial success is success with steps to look at; a flow must not repeat either of them by itself. */
function resultOf(enablement: Enablement): HttpResponseInit {
  const jsonBody = publicEnablement(enablement);
  if (enablement.status !== 'Failed') return { status: 200, jsonBody };
  const failed = enablement.steps.filter((step) => step.status === 'Failed');
  const details = failed.map(({ name, errorCode, errorMessage }) => ({
    code: errorCode,
    message: errorMessage,
    target: name,
  }));
  const message = details[0]?.message ?? 'Nothing of what was asked for could be done.';
  return { status: 422, jsonBody: { error: { code: 'EnablementFailed', message, details } } };
}
