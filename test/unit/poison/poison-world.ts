/** Messages that fail, what is recorded of them, and operators who decide over HTTP; all in memory. */
import { createFakeAnnouncer } from '../../support/fakes/arrival-log.ts';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { expect } from 'vitest';
import * as z from 'zod';
import { listGapsHandler } from '../../../functions/ingestion/gaps.ts';
import {
  giveUpAnyPoisonMessageHandler,
  giveUpPoisonMessageHandler,
  listPoisonMessagesHandler,
  listPoisonMessagesOfTenantsHandler,
  replayAnyPoisonMessageHandler,
  replayPoisonMessageHandler,
} from '../../../functions/ingestion/poison-messages.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, type Scope } from '../../../shared/access/api-keys.ts';
import { indexRequestFor } from '../../../shared/landing/work-queues.ts';
import { keepingCause } from '../../../shared/poison/keep-cause.ts';
import { maxDeliveries, type WorkQueue } from '../../../shared/poison/queue-names.ts';
import { missingIn, readCompleteness } from '../../../shared/query/completeness.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { hourMs } from '../../support/clock.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakePoisonMessages } from '../../support/fakes/poison-message-store.ts';
import { createFakePoisonQueues } from '../../support/fakes/poison-queue.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults, type Faults } from '../../support/faults.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { createPollWorld } from '../../support/poll-world.ts';
import { served } from '../../support/served.ts';
import { tenantNamed } from '../../support/tenants.ts';

const handlers = {
  list: listPoisonMessagesHandler,
  replay: replayPoisonMessageHandler,
  giveUp: giveUpPoisonMessageHandler,
  listAll: listPoisonMessagesOfTenantsHandler,
  replayAny: replayAnyPoisonMessageHandler,
  giveUpAny: giveUpAnyPoisonMessageHandler,
  gaps: listGapsHandler,
};
type Name = keyof typeof handlers;

const sentSchema = z.unknown().transform((body): unknown => JSON.parse(JSON.stringify(body)));
const answerSchema = z.object({ status: z.number().default(200), jsonBody: sentSchema });
const viewSchema = z.looseObject({ poisonMessageId: z.guid(), state: z.string() });
const listSchema = z.object({ value: z.array(viewSchema), nextLink: z.string().optional() });

export async function createPoisonWorld() {
  const world = createPollWorld();
  const { clock, tenant, telemetry } = world;
  const { tenantId } = tenant;
  const other = tenantNamed('Adatum');
  const tenants = createFakeTenantStore([tenant, other]);
  const keys = createFakeApiKeyStore();
  const poisonMessages = createFakePoisonMessages();
  const poisonQueues = createFakePoisonQueues(clock.now);
  const base = { telemetry: telemetry.telemetry, now: clock.now };
  const access = createAccess({ ...plainAccess, ...base, keys, tenants });
  const depsOf = (faults: Faults) => ({
    ...createFakeHttpDeps(clock.now),
    ...base,
    ...{ access, tenants, ledger: world.ledger, announcer: createFakeAnnouncer() },
    landings: faults.inject('landings', world.landings),
    raw: faults.inject('raw', world.raw),
    queues: faults.inject('queues', world.queues),
    poisonMessages: faults.inject('poisonMessages', poisonMessages),
    poisonQueue: (queue: WorkQueue) => faults.inject('poisonQueue', poisonQueues.open(queue)),
  });
  const callerWith = async (scopes: readonly Scope[], boundTo = '*') => {
    const { key, text } = newApiKey({ name: 'Partner', tenants: boundTo, scopes }, clock.now());
    await keys.create(key);
    /** @param about the ID of a poison message, or a query with its question mark */
    return async (name: Name, about = '', body?: unknown, faults = createFaults()) => {
      const options = served(depsOf(faults), handlers[name]);
      const query = about.startsWith('?') ? about : '';
      const params = { tenantId, poisonMessageId: about };
      const path = options.route.replace('{tenantId}', tenantId).replace('{poisonMessageId}', about);
      const url = `https://auditkeep.example/api/${path}${query}`;
      const request = new HttpRequest({
        method: options.methods?.[0] ?? 'GET',
        url,
        headers: { 'x-api-key': text, 'content-type': 'application/json' },
        params,
        query: Object.fromEntries(new URL(url).searchParams),
        ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
      });
      const answer = await options.handler(request, new InvocationContext({ logHandler: () => undefined }));
      await expectDescribedInit(request, answer);
      return answerSchema.parse(answer);
    };
  };
  const call = await callerWith(['records.read', 'tenants.manage']);
  const list = async (query = '', name: Name = 'list') =>
    listSchema.parse((await call(name, query)).jsonBody);
  /** As the host does: the last failure moves it to the poison queue. */
  const fail = async (queue: WorkQueue, message: unknown, error: Error, from = maxDeliveries) => {
    const deps = depsOf(createFaults());
    for (let deliveries = from; deliveries <= maxDeliveries; deliveries++) {
      const failed = keepingCause(deps, { queue, message, deliveries }, () => Promise.reject(error));
      await expect(failed).rejects.toBe(error);
    }
    poisonQueues.put(queue, message);
  };
  /** A landing whose content is an hour old; the message that requests its indexing. */
  const land = async (name = 'one') => {
    const content = world.publish(name);
    await world.poll();
    const landing = world.landings.all(tenantId).at(-1);
    if (landing === undefined) throw new Error('Nothing landed.');
    return { content, landing, message: { ...indexRequestFor(tenantId, landing), traceparent } };
  };
  const completeness = async () => {
    const stored = await tenants.get(tenantId);
    if (stored === undefined) throw new Error('The tenant is gone.');
    return await readCompleteness(world, stored);
  };
  return {
    ...world,
    ...{ tenantId, other, tenants, poisonMessages, poisonQueues, depsOf, callerWith, call, list, fail, land },
    completeness,
    only: async () => {
      const { value } = await list();
      expect(value).toHaveLength(1);
      return value[0] ?? { poisonMessageId: '', state: '' };
    },
    /** Whether records of the content may be missing for good. */
    isHole: async ({ contentCreated: from }: { readonly contentCreated: Date }) =>
      missingIn(await completeness(), { from, to: new Date(from.getTime() + hourMs) }).hasGaps,
  };
}

export const trace = 'a3ce929d0e0e47360123456789abcdef';
export const traceparent = `00-${trace}-00f067aa0ba902b7-01`;
