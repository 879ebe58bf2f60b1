/** Backfills: start, follow, cancel. */
import * as api from '../../shared/api/backfills.ts';
import { backfillKind, type BackfillStore } from '../../shared/backfills/backfill.ts';
import { backfillEffects, type BackfillEffectsDeps } from '../../shared/backfills/backfill-work.ts';
import { publicBackfill } from '../../shared/backfills/public-backfill.ts';
import { startBackfill, type StartBackfillDeps } from '../../shared/backfills/start-backfill.ts';
import { handler } from '../../shared/http/handler.ts';
import { answerResult, startedHeaders, withRunning } from '../../shared/http/operation-answers.ts';
import { addressOf } from '../../shared/http/request.ts';
import { cancelOperation, type CancelOperationDeps } from '../../shared/operations/end-operation.ts';
import { resultOf } from '../../shared/operations/operation-result.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';

interface BackfillsDeps {
  readonly backfills: BackfillStore;
}

export const startBackfillHandler = handler(
  api.startBackfill,
  async (deps: StartBackfillDeps, { request, caller, tenant, body, reply }) => {
    const starting = startBackfill(deps, tenant, { ...body, createdBy: caller.id });
    const started = await withRunning(request, starting);
    return reply(202, publicBackfill(started), startedHeaders(addressOf(request, started.id)));
  },
);

/** Enough for people; every backfill has a row for good. */
const listed = 100;

export const listBackfillsHandler = handler(
  api.listBackfills,
  async ({ backfills }: BackfillsDeps, { tenant, reply }) =>
    reply(200, { value: (await backfills.list(tenant.tenantId, listed)).map(publicBackfill) }),
);

export const getBackfillHandler = handler(
  api.getBackfill,
  async ({ backfills }: BackfillsDeps, { tenant, path, reply }) =>
    reply(200, publicBackfill(await findOperation(backfills, { ...tenant, id: path.backfillId }))),
);

export const getBackfillResultHandler = handler(
  api.getBackfillResult,
  async ({ backfills }: BackfillsDeps, { request, tenant, path, reply }) => {
    const found = await findOperation(backfills, { ...tenant, id: path.backfillId });
    const view = publicBackfill(found);
    return answerResult(request, resultOf(backfillKind, found), undefined, {
      ended: () => reply(200, view),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
  },
);

/** Records that have landed stay. */
export const cancelBackfillHandler = handler(
  api.cancelBackfill,
  async (deps: BackfillEffectsDeps & CancelOperationDeps, { tenant, path, reply }) => {
    const found = await findOperation(deps.backfills, { ...tenant, id: path.backfillId });
    return reply(202, publicBackfill(await cancelOperation(deps, backfillEffects(deps), found)));
  },
);
