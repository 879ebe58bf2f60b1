/** Enablements: start, follow, cancel. */
import * as api from '../../shared/api/enablements.ts';
import { enablementResult, publicEnablement } from '../../shared/enablement/public-enablement.ts';
import { startEnablement, type StartEnablementDeps } from '../../shared/enablement/start-enablement.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import {
  answerResult,
  resultToken,
  startedHeaders,
  withRunning,
  type ResultLinkDeps,
} from '../../shared/http/operation-answers.ts';
import { cancelOperation } from '../../shared/operations/end-operation.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';

type EnablementsDeps = Pick<StartEnablementDeps, 'enablements'>;

export const startEnablementHandler = handler(
  api.startEnablement,
  async (deps: StartEnablementDeps & ResultLinkDeps, { request, caller, tenant, body, reply }) => {
    const { tenantId } = tenant;
    const wanted = { tenantId, request: body, createdBy: caller.id };
    const started = await withRunning(request, startEnablement(deps, wanted));
    const token = resultToken(deps, { request, caller }, 'enablements', started);
    return reply(202, publicEnablement(started), startedHeaders(addressOf(request, started.id), token));
  },
);

export const getEnablementHandler = handler(
  api.getEnablement,
  async ({ enablements }: EnablementsDeps, { tenant, path, reply }) =>
    reply(200, publicEnablement(await findOperation(enablements, { ...tenant, id: path.enablementId }))),
);

export const getEnablementResultHandler = handler(
  api.getEnablementResult,
  async (deps: EnablementsDeps & ResultLinkDeps, { request, caller, tenant, path, reply }) => {
    const found = await findOperation(deps.enablements, { ...tenant, id: path.enablementId });
    const view = publicEnablement(found);
    const token = resultToken(deps, { request, caller }, 'enablements', found);
    return answerResult(request, enablementResult(found), token, {
      ended: () => reply(200, view),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
  },
);

/** Changes already made are kept, and the run stops before its next one. */
export const cancelEnablementHandler = handler(
  api.cancelEnablement,
  async (deps: StartEnablementDeps, { tenant, path, reply }) => {
    const found = await findOperation(deps.enablements, { ...tenant, id: path.enablementId });
    const canceled = await cancelOperation(deps, { store: deps.enablements }, found);
    return reply(202, publicEnablement(canceled));
  },
);
