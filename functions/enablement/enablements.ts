/** Enablements: start, follow, cancel. */
import * as api from '../../shared/api/enablements.ts';
import { RequestError } from '../../shared/errors.ts';
import {
  findEnablement,
  isFinished,
  type Enablement,
  type EnablementQueue,
  type EnablementStore,
} from '../../shared/enablement/enablement.ts';
import { publicEnablement } from '../../shared/enablement/public-enablement.ts';
import {
  EnablementInProgressError,
  startEnablement,
  type StartEnablementDeps,
} from '../../shared/enablement/start-enablement.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf, type ApiRequest } from '../../shared/http/request.ts';
import { runningHeaders, startedHeaders, type ResultLinkDeps } from '../../shared/http/result-link.ts';

interface EnablementsDeps {
  readonly enablements: EnablementStore;
}

export const startEnablementHandler = handler(
  api.startEnablement,
  async (deps: StartEnablementDeps & ResultLinkDeps, { request, caller, tenant, body, reply }) => {
    const started = await startEnablement(deps, tenant.tenantId, body).catch((error: unknown) => {
      throw error instanceof EnablementInProgressError ? withAddress(request, error) : error;
    });
    const headers = startedHeaders(
      deps,
      { request, caller },
      operationOf(started),
      addressOf(request, started.enablementId),
    );
    return reply(202, publicEnablement(started), headers);
  },
);

function withAddress(request: ApiRequest, error: EnablementInProgressError): RequestError {
  const { status, code, message, enablementId } = error;
  const headers = { Location: addressOf(request, enablementId) };
  return new RequestError(status, code, message, { headers, cause: error });
}

function operationOf({ tenantId, enablementId }: Enablement) {
  return { tenantId, kind: 'enablements', id: enablementId } as const;
}

export const getEnablementHandler = handler(
  api.getEnablement,
  async ({ enablements }: EnablementsDeps, { tenant, path, reply }) =>
    reply(200, publicEnablement(await findEnablement(enablements, tenant.tenantId, path.enablementId))),
);

/** Partial success is success with steps to look at; a flow must not repeat either automatically. */
export const getEnablementResultHandler = handler(
  api.getEnablementResult,
  async (deps: EnablementsDeps & ResultLinkDeps, { request, caller, tenant, path, reply }) => {
    const found = await findEnablement(deps.enablements, tenant.tenantId, path.enablementId);
    if (found.status === 'Failed') return reply(422, failureOf(found));
    if (isFinished(found)) return reply(200, publicEnablement(found));
    const monitor = addressOf(request, `../../${found.enablementId}`);
    const headers = runningHeaders(deps, { request, caller }, operationOf(found), monitor);
    return reply(202, publicEnablement(found), headers);
  },
);

function failureOf({ steps }: Enablement) {
  const failed = steps.filter((step) => step.status === 'Failed');
  const details = failed.map(({ name, errorCode, errorMessage }) => ({
    code: errorCode,
    message: errorMessage,
    target: name,
  }));
  const message = details[0]?.message ?? 'Every step failed.';
  return { error: { code: 'EnablementFailed', message, details } };
}

export const cancelEnablementHandler = handler(
  api.cancelEnablement,
  async (
    { enablements, queues }: EnablementsDeps & { readonly queues: EnablementQueue },
    { tenant, path, reply },
  ) => {
    const { tenantId } = tenant;
    const found = await findEnablement(enablements, tenantId, path.enablementId);
    const { enablementId } = found;
    if (!isFinished(found)) {
      await enablements.requestCancel(tenantId, enablementId);
      // One that waits for hours ends now instead of after its wait.
      await queues.requestEnablementStep({ version: 1, tenantId, enablementId }, 0);
    }
    return reply(202, publicEnablement(found));
  },
);
