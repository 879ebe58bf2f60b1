/** Messages that failed too often: why, and what operators decide. */
import * as api from '../../shared/api/poison-messages.ts';
import { handler } from '../../shared/http/handler.ts';
import { giveUpPoison, replayPoison, type DecidePoisonDeps } from '../../shared/poison/decide-poison.ts';
import { listPoison, type ListPoisonDeps } from '../../shared/poison/list-poison.ts';
import { pageOfPoison, publicPoison } from '../../shared/poison/public-poison.ts';

export const listPoisonMessagesHandler = handler(
  api.listPoisonMessages,
  async (deps: ListPoisonDeps, { request, tenant: { tenantId }, query, reply }) =>
    reply(200, pageOfPoison(await listPoison(deps, tenantId), query, request.url)),
);

export const replayPoisonMessageHandler = handler(
  api.replayPoisonMessage,
  async (deps: DecidePoisonDeps, { caller, tenant: { tenantId }, path, reply }) => {
    const choice = { tenantId, id: path.poisonMessageId, caller: caller.id };
    return reply(200, publicPoison(await replayPoison(deps, choice), 'replayed'));
  },
);

export const giveUpPoisonMessageHandler = handler(
  api.giveUpPoisonMessage,
  async (deps: DecidePoisonDeps, { caller, tenant: { tenantId }, path, body, reply }) => {
    const choice = { tenantId, id: path.poisonMessageId, caller: caller.id, reason: body.reason };
    return reply(200, publicPoison(await giveUpPoison(deps, choice)));
  },
);

export const listPoisonMessagesOfTenantsHandler = handler(
  api.listPoisonMessagesOfTenants,
  async (deps: ListPoisonDeps, { request, query, reply }) =>
    reply(200, pageOfPoison(await listPoison(deps), query, request.url)),
);

export const replayAnyPoisonMessageHandler = handler(
  api.replayAnyPoisonMessage,
  async (deps: DecidePoisonDeps, { caller, path, reply }) => {
    const choice = { id: path.poisonMessageId, caller: caller.id };
    return reply(200, publicPoison(await replayPoison(deps, choice), 'replayed'));
  },
);

export const giveUpAnyPoisonMessageHandler = handler(
  api.giveUpAnyPoisonMessage,
  async (deps: DecidePoisonDeps, { caller, path, body, reply }) => {
    const choice = { id: path.poisonMessageId, caller: caller.id, reason: body.reason };
    return reply(200, publicPoison(await giveUpPoison(deps, choice)));
  },
);
