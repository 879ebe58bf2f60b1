/** The functions of backfills, called as the host calls them, with a key of the tenant. */
import { HttpRequest, InvocationContext, type HttpFunctionOptions } from '@azure/functions';
import { expect, it } from 'vitest';
import * as z from 'zod';
import {
  cancelBackfillHandler,
  getBackfillHandler,
  getBackfillResultHandler,
} from '../../../functions/backfills/backfills.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFaults } from '../../support/faults.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { served } from '../../support/served.ts';
import { createBackfillWorld, tenantId } from './backfill-world.ts';

const answerSchema = z.object({ status: z.number().default(200), jsonBody: z.unknown() });

async function createHttpWorld(hours: readonly number[]) {
  const world = createBackfillWorld(hours);
  const { tenants, clock, events } = world;
  const keys = createFakeApiKeyStore();
  const scopes = ['records.read', 'tenants.manage'] as const;
  const { key, text } = newApiKey({ name: 'Partner', tenants: '*', scopes }, clock.now());
  await keys.create(key);
  const given = { keys, tenants, telemetry: events.telemetry, now: clock.now };
  const access = createAccess({ ...plainAccess, ...given });
  const deps = { ...createFakeHttpDeps(clock.now), ...world.deps, access };
  const call = async (options: HttpFunctionOptions, id: string, path = '') => {
    const request = new HttpRequest({
      method: options.methods?.[0] ?? 'GET',
      url: `https://auditkeep.example/api/tenants/${tenantId}/ingestion/backfills/${id}${path}`,
      headers: { 'x-api-key': text },
      params: { tenantId, backfillId: id },
    });
    const answer = await options.handler(request, new InvocationContext({ logHandler: () => undefined }));
    await expectDescribedInit(request, answer);
    return answerSchema.parse(answer);
  };
  return {
    ...world,
    get: (id: string) => call(served(deps, getBackfillHandler), id),
    result: (id: string) => call(served(deps, getBackfillResultHandler), id, '/result'),
    cancel: (id: string) => call(served(deps, cancelBackfillHandler), id, '/cancel'),
  };
}

it('a backfill that is canceled halfway has no result, which says where to see what it has searched', async () => {
  const world = await createHttpWorld([100, 300, 500]);
  const { id } = await world.start();
  // A step in each run.
  while ((await world.endOf(id)).searched.length === 0) await world.step(createFaults(), 0);
  const { searched, landedCount } = await world.endOf(id);
  expect(await world.result(id)).toMatchObject({ status: 202, jsonBody: { status: 'Running', searched } });
  expect(await world.cancel(id)).toMatchObject({ status: 202, jsonBody: { status: 'Canceled', searched } });
  await world.settle();
  expect(await world.result(id)).toMatchObject({
    status: 422,
    jsonBody: {
      error: {
        code: 'BackfillCanceled',
        message: 'The backfill was canceled. Its status says what it did until then.',
      },
    },
  });
  expect(await world.get(id)).toMatchObject({
    status: 200,
    jsonBody: { status: 'Canceled', searched, landedCount, rangesDone: 1, ranges: 3 },
  });
});
