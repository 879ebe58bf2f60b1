/** Rollouts: start, follow, cancel. */
import type { Access } from '../../shared/access/access.ts';
import { ensureMayCancelAll, sharedSpace } from '../../shared/access/owner.ts';
import * as api from '../../shared/api/rollouts.ts';
import { openBatchTenants } from '../../shared/batches/batch-tenants.ts';
import type { EnablementStore } from '../../shared/enablement/enablement.ts';
import { pageOfRollout, publicRollout, rolloutResult } from '../../shared/enablement/public-rollout.ts';
import type { RolloutStore } from '../../shared/enablement/rollout.ts';
import { startRollout, type StartRolloutDeps } from '../../shared/enablement/start-rollout.ts';
import { handler } from '../../shared/http/handler.ts';
import {
  answerResult,
  resultToken,
  startedHeaders,
  type ResultLinkDeps,
} from '../../shared/http/operation-answers.ts';
import { addressOf } from '../../shared/http/request.ts';
import { cancelOperation, type CancelOperationDeps } from '../../shared/operations/end-operation.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';
import { pageOfOperations } from '../../shared/operations/page-of-operations.ts';

interface RolloutsDeps {
  readonly rollouts: RolloutStore;
}

interface WithAccess {
  readonly access: Access;
}

export const startRolloutHandler = handler(
  api.startRollout,
  async (deps: StartRolloutDeps & ResultLinkDeps & WithAccess, { request, caller, body, reply }) => {
    const opened = await openBatchTenants(deps.access, caller, body.tenants, 'auditing.enable');
    const { enablement } = body;
    const wanted = { ...opened, enablement, ownerId: sharedSpace(caller).owner, createdBy: caller.id };
    const { id, ...started } = await startRollout(deps, wanted);
    const token = resultToken(deps, { request, caller }, 'rollouts', { id });
    return reply(202, publicRollout({ id, ...started }), startedHeaders(addressOf(request, id), token));
  },
);

export const listRolloutsHandler = handler(
  api.listRollouts,
  async ({ rollouts }: RolloutsDeps, { request: { url }, caller, query, reply }) => {
    const page = { tenantId: sharedSpace(caller).owner, query, url, view: publicRollout };
    return reply(200, await pageOfOperations(rollouts, page));
  },
);

export const getRolloutHandler = handler(
  api.getRollout,
  async ({ rollouts }: RolloutsDeps, { caller, path, reply }) => {
    const found = await findOperation(rollouts, { tenantId: sharedSpace(caller).owner, id: path.rolloutId });
    return reply(200, publicRollout(found));
  },
);

export const getRolloutResultHandler = handler(
  api.getRolloutResult,
  async (deps: RolloutsDeps & ResultLinkDeps, { request, caller, path, reply }) => {
    const found = await findOperation(deps.rollouts, {
      tenantId: sharedSpace(caller).owner,
      id: path.rolloutId,
    });
    const view = publicRollout(found);
    const token = resultToken(deps, { request, caller }, 'rollouts', { id: found.id });
    return answerResult(request, rolloutResult(found), token, {
      ended: () => reply(200, view),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
  },
);

interface TableDeps extends RolloutsDeps, WithAccess {
  readonly enablements: EnablementStore;
}

export const listRolloutTenantsHandler = handler(
  api.listRolloutTenants,
  async (deps: TableDeps, { request, caller, path, query, reply }) => {
    const batch = await findOperation(deps.rollouts, {
      tenantId: sharedSpace(caller).owner,
      id: path.rolloutId,
    });
    const page = { batch, caller, query, url: request.url };
    return reply(200, await pageOfRollout(deps, page));
  },
);

export const cancelRolloutHandler = handler(
  api.cancelRollout,
  async (deps: RolloutsDeps & CancelOperationDeps, { caller, path, reply }) => {
    const found = await findOperation(deps.rollouts, {
      tenantId: sharedSpace(caller).owner,
      id: path.rolloutId,
    });
    ensureMayCancelAll(caller, found.createdBy, 'auditing.enable');
    return reply(202, publicRollout(await cancelOperation(deps, { store: deps.rollouts }, found)));
  },
);
