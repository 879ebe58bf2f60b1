/** Rollouts over HTTP: who may start one, in which tenants, and who sees what became of them. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import * as rollouts from '../../../functions/enablement/rollouts.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, type Scope } from '../../../shared/access/api-keys.ts';
import { createCapabilities } from '../../../shared/access/capability-token.ts';
import { enablementKind, type Enablement } from '../../../shared/enablement/enablement.ts';
import { rolloutKind } from '../../../shared/enablement/rollout.ts';
import { rolloutWork } from '../../../shared/enablement/rollout-work.ts';
import type { Bound } from '../../../shared/http/handler.ts';
import { runOperation } from '../../../shared/operations/run-operation.ts';
import { changeTenant } from '../../../shared/tenants/change-tenant.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeAccessLog } from '../../support/fakes/access-log.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { createFakeOperationQueue } from '../../support/operations.ts';
import { served } from '../../support/served.ts';
import { forgetTenant, tenantNamed } from '../../support/tenants.ts';

const answerSchema = z.object({
  status: z.number().default(200),
  jsonBody: z.unknown(),
  headers: z.record(z.string(), z.string()),
});
const root = 'https://auditkeep.example/api/enablements';
const both: readonly Scope[] = ['records.read', 'auditing.enable'];

const guidFor = (digit: number) => `${String(digit).repeat(8)}-2222-4333-8444-555555555555`;
/** Two gold tenants and a silver one, in order of ID. */
const [contosoId, fabrikamId, adatumId] = [guidFor(1), guidFor(2), guidFor(3)];

function createWorld() {
  const clock = createClock();
  const tenants = createFakeTenantStore([
    tenantNamed('Contoso', { tenantId: contosoId, tags: ['gold'] }),
    tenantNamed('Fabrikam', { tenantId: fabrikamId, tags: ['gold'] }),
    tenantNamed('Adatum', { tenantId: adatumId, tags: ['silver'] }),
  ]);
  const keys = createFakeApiKeyStore();
  const queues = createFakeOperationQueue();
  const stores = {
    rollouts: createFakeOperationStore(rolloutKind),
    enablements: createFakeOperationStore(enablementKind),
  };
  const telemetry = () => undefined;
  const accessLog = createFakeAccessLog();
  const deps = {
    ...createFakeHttpDeps(clock.now),
    ...stores,
    ...{ tenants, queues, telemetry, accessLog, now: clock.now },
    access: createAccess({ ...plainAccess, keys, tenants, telemetry, now: clock.now }),
    capabilities: createCapabilities({ signingKeys: [Buffer.alloc(32, 5)], keys, tenants, now: clock.now }),
  };
  const call = async (bound: Bound<typeof deps>, url: string, options: { text?: string; body?: object }) => {
    const { text, body } = options;
    const [, rolloutId = ''] = /enablements\/([^/?]+)/.exec(url) ?? [];
    const request = new HttpRequest({
      ...{ method: body === undefined ? 'GET' : 'POST', url, params: { rolloutId } },
      headers: { 'content-type': 'application/json', ...(text === undefined ? {} : { 'x-api-key': text }) },
      ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
    });
    const context = new InvocationContext({ logHandler: () => undefined });
    const given = await served(deps, bound).handler(request, context);
    await expectDescribedInit(request, given);
    return answerSchema.parse(given);
  };
  /** One run of each message that is there now. */
  const run = async (): Promise<void> => {
    for (const { message } of queues.messages.splice(0).filter((one) => one.message.kind === 'rollouts'))
      await runOperation(deps, rolloutWork(deps), { message, budget: clock.startBudget(minuteMs) });
  };
  return {
    ...{ ...stores, clock, tenants, queues, accessLog, run },
    /** Calls with a new key. */
    caller: async (bound: string, scopes = both) => {
      const { key, text } = newApiKey({ name: 'Flow', tenants: bound, scopes }, clock.now());
      await keys.create(key);
      return {
        start: (body: object) => call(rollouts.startRolloutHandler, root, { text, body }),
        listAll: (query = '') => call(rollouts.listRolloutsHandler, `${root}${query}`, { text }),
        get: (id: string) => call(rollouts.getRolloutHandler, `${root}/${id}`, { text }),
        result: (id: string) => call(rollouts.getRolloutResultHandler, `${root}/${id}/result`, { text }),
        list: (id: string, query = '') =>
          call(rollouts.listRolloutTenantsHandler, `${root}/${id}/tenants${query}`, { text }),
        cancel: (id: string) =>
          call(rollouts.cancelRolloutHandler, `${root}/${id}/cancel`, { text, body: {} }),
      };
    },
    follow: (location = '') => call(rollouts.getRolloutResultHandler, location, {}),
    /** Ends the enablement of a tenant, with these statuses of its first steps. */
    end: async (tenantId: string, changes: Partial<Pick<Enablement, 'status' | 'state'>> = {}) => {
      const [found] = await stores.enablements.list(tenantId, 1);
      if (found === undefined) throw new Error('Nothing was started in this tenant.');
      await stores.enablements.replace(found, { ...found, status: 'Succeeded', ...changes });
    },
  };
}

const failedSteps = (count: number): Enablement['state'] => ({
  steps: (['unifiedAuditLog', 'mailboxes'] as const).map((name, at) =>
    at < count
      ? {
          name,
          status: 'Failed',
          attempts: 1,
          errorCode: 'ExchangeForbidden',
          errorMessage: `${name} failed.`,
        }
      : { name, status: 'Succeeded', attempts: 1 },
  ),
});

const idIn = ({ jsonBody }: { readonly jsonBody?: unknown }) =>
  z.object({ id: z.string() }).parse(jsonBody).id;
const tableIn = ({ jsonBody }: { readonly jsonBody?: unknown }) =>
  z.object({ value: z.array(z.looseObject({})), nextLink: z.string().optional() }).parse(jsonBody);

describe('a rollout', () => {
  it('turns auditing on in each tenant of the set, and says of each what became of it, the worst first', async () => {
    const world = createWorld();
    const caller = await world.caller('*');
    const started = await caller.start({ tenants: '*', dryRun: true });
    const id = idIn(started);
    expect(started).toMatchObject({
      ...{ status: 202, jsonBody: { status: 'NotStarted', tenants: '*', dryRun: true, tenantCount: 3 } },
      headers: { 'operation-location': `${root}/${id}`, 'retry-after': '10' },
    });
    await world.run();
    expect(await caller.get(id)).toMatchObject({
      jsonBody: { status: 'Running', percentComplete: 0, runningCount: 3, succeededCount: 0 },
    });
    expect(world.enablements.all().map(({ request }) => request.dryRun)).toEqual([true, true, true]);
    await world.end(contosoId);
    await world.end(fabrikamId, { state: failedSteps(1) });
    await world.end(adatumId, { status: 'Failed', state: failedSteps(2) });
    await world.run();
    const done = { status: 'PartiallySucceeded', percentComplete: 100, failedCount: 1, succeededCount: 1 };
    expect(await caller.result(id)).toMatchObject({ status: 200, jsonBody: done });
    const enablementIdOf = (tenantId: string) =>
      world.enablements.all().find((one) => one.tenantId === tenantId)?.id;
    const refused = { errorCode: 'ExchangeForbidden', errorMessage: 'unifiedAuditLog failed.' };
    expect(tableIn(await caller.list(id)).value).toEqual([
      {
        ...{ tenantId: adatumId, tenantDisplayName: 'Adatum', status: 'Failed', ...refused },
        enablementId: enablementIdOf(adatumId),
        changeCounts: {},
      },
      {
        ...{ tenantId: fabrikamId, tenantDisplayName: 'Fabrikam', status: 'PartiallySucceeded', ...refused },
        enablementId: enablementIdOf(fabrikamId),
        changeCounts: { mailboxes: 0 },
      },
      {
        ...{ tenantId: contosoId, tenantDisplayName: 'Contoso', status: 'Succeeded' },
        enablementId: enablementIdOf(contosoId),
        changeCounts: {},
      },
    ]);
  });

  it('says of each tenant how many changes of which kind there are, and nothing of what is not known', async () => {
    const world = createWorld();
    const caller = await world.caller('*');
    const id = idIn(await caller.start({ tenants: 'tag:silver', dryRun: true }));
    await world.run();
    const step = { attempts: 1, status: 'Succeeded' } as const;
    const steps: Enablement['state']['steps'] = [
      { ...step, name: 'customization', status: 'AlreadyDone' },
      { ...step, name: 'unifiedAuditLog', changes: ['Set-AdminAuditLogConfig'] },
      { ...step, name: 'organizationAuditing', status: 'Failed', errorCode: 'ExchangeForbidden' },
      { ...step, name: 'mailboxes', status: 'Failed', changes: ['one', 'two'] },
      { ...step, name: 'bypasses', status: 'Skipped' },
      { ...step, name: 'subscriptions', status: 'Waiting' },
      { ...step, name: 'verification', status: 'AlreadyDone' },
    ];
    await world.end(adatumId, { state: { steps } });
    expect(tableIn(await caller.list(id)).value[0]?.['changeCounts']).toEqual({
      ...{ customization: 0, unifiedAuditLog: 1, mailboxes: 2 },
    });
  });

  it('starts nothing in a tenant that its creator has no access to anymore, and says so', async () => {
    const world = createWorld();
    const caller = await world.caller('tag:gold');
    const id = idIn(await caller.start({ tenants: 'tag:gold' }));
    await world.tenants.update(fabrikamId, { tags: [] });
    await world.run();
    expect(world.enablements.all().map(({ tenantId }) => tenantId)).toEqual([contosoId]);
    await world.tenants.update(fabrikamId, { tags: ['gold'] });
    const canceled = { tenantId: fabrikamId, status: 'Canceled', errorCode: 'CreatorNotAllowed' };
    expect(tableIn(await caller.list(id)).value).toMatchObject([canceled, { tenantId: contosoId }]);
    expect(await caller.get(id)).toMatchObject({ jsonBody: { canceledCount: 1, runningCount: 1 } });
  });

  it('has a table in pages, each tenant once', async () => {
    const world = createWorld();
    const caller = await world.caller('*');
    const id = idIn(await caller.start({ tenants: '*' }));
    await world.run();
    await world.end(fabrikamId);
    await world.run();
    const seen: unknown[] = [];
    for (let query: string | undefined = '?top=1'; query !== undefined;) {
      const { value, nextLink } = tableIn(await caller.list(id, query));
      seen.push(...value.map((row) => row['tenantId']));
      query = nextLink && new URL(nextLink).search;
    }
    expect(seen).toEqual([adatumId, contosoId, fabrikamId]);
    expect((await caller.list(id, '?skiptoken=nonsense')).status).toBe(400);
  });

  it('has failed if no enablement succeeded', async () => {
    const world = createWorld();
    const caller = await world.caller('*');
    const id = idIn(await caller.start({ tenants: 'tag:silver' }));
    await world.run();
    await world.end(adatumId, { status: 'Failed', state: failedSteps(2) });
    await world.run();
    expect(await caller.result(id)).toMatchObject({
      ...{
        status: 422,
        jsonBody: { error: { code: 'RolloutFailed', details: [{ code: 'EveryEnablementFailed' }] } },
      },
    });
  });

  it('waits where another enablement is running, and says so', async () => {
    const world = createWorld();
    const caller = await world.caller('*');
    await caller.start({ tenants: [adatumId] });
    await world.run();
    const id = idIn(await caller.start({ tenants: [adatumId] }));
    await world.run();
    expect(tableIn(await caller.list(id)).value).toMatchObject([
      { tenantId: adatumId, status: 'Waiting', errorCode: 'OperationInProgress' },
    ]);
    expect(world.enablements.all()).toHaveLength(1);
  });

  it('leaves out a tenant that is removed, and says so', async () => {
    const world = createWorld();
    const caller = await world.caller('*');
    const id = idIn(await caller.start({ tenants: 'tag:silver' }));
    await forgetTenant(world.tenants, adatumId);
    await world.run();
    expect(await caller.result(id)).toMatchObject({ status: 200, jsonBody: { canceledCount: 1 } });
    const row = { tenantId: adatumId, status: 'Canceled', errorCode: 'TenantRemoved' };
    expect(tableIn(await caller.list(id)).value).toEqual([
      { ...row, errorMessage: expect.anything() as unknown },
    ]);
  });
});

describe('the tenants of a rollout', () => {
  it('are those in which the caller may enable auditing and read', async () => {
    const world = createWorld();
    const gold = await world.caller('tag:gold');
    const id = idIn(await gold.start({ tenants: '*' }));
    expect(tableIn(await gold.list(id)).value.map((row) => row['tenantId'])).toEqual([fabrikamId, contosoId]);
    expect(world.accessLog.entries.map(({ tenantId }) => tenantId).sort()).toEqual([
      ...[contosoId, contosoId, fabrikamId, fabrikamId],
    ]);
  });

  it.each([
    ['another tenant by its ID', 'tag:gold', both, { tenants: [adatumId] }, 404, 'TenantNotFound'],
    ['a tag that only others have', 'tag:gold', both, { tenants: 'tag:silver' }, 404, 'TenantNotFound'],
    ['a tenant without auditing.enable', '*', ['records.read'], { tenants: '*' }, 403, 'Forbidden'],
    ['a tenant without records.read', '*', ['auditing.enable'], { tenants: '*' }, 403, 'Forbidden'],
    ['no tenants', '*', both, {}, 400, 'InvalidParameter'],
    ['a tag that cannot exist', '*', both, { tenants: 'tag:' }, 400, 'InvalidParameter'],
  ] as const)('cannot be %s', async (...[, bound, scopes, body, status, code]) => {
    const world = createWorld();
    const caller = await world.caller(bound, scopes);
    expect(await caller.start(body)).toMatchObject({ status, jsonBody: { error: { code } } });
    expect(world.rollouts.all()).toEqual([]);
  });

  it('are left out of the table once the caller has no access to them anymore', async () => {
    const world = createWorld();
    const gold = await world.caller('tag:gold');
    const id = idIn(await gold.start({ tenants: 'tag:gold' }));
    await changeTenant(world.tenants, contosoId, () => ({ tags: ['silver'] }));
    expect(tableIn(await gold.list(id)).value.map((row) => row['tenantId'])).toEqual([fabrikamId]);
  });

  it('are not named by a link, and do not come back when they are gone', async () => {
    const world = createWorld();
    const gold = await world.caller('tag:gold');
    const id = idIn(await gold.start({ tenants: 'tag:gold' }));
    for (const tenantId of [contosoId, fabrikamId])
      await changeTenant(world.tenants, tenantId, () => ({ tags: ['silver'] }));
    const later = await world.caller('tag:gold');
    expect(tableIn(await later.list(id, '?top=1'))).toEqual({ value: [] });
    await forgetTenant(world.tenants, fabrikamId);
    expect(tableIn(await later.list(id))).toEqual({ value: [] });
  });
});

describe('callers of a rollout', () => {
  it('see it if they read the same set, and no other caller does', async () => {
    const world = createWorld();
    const [maker, same, all] = [
      await world.caller('tag:gold'),
      await world.caller('tag:gold', ['records.read']),
      await world.caller('*'),
    ];
    const id = idIn(await maker.start({ tenants: '*' }));
    expect((await same.get(id)).status).toBe(200);
    for (const answer of [await all.get(id), await all.result(id), await all.list(id), await all.cancel(id)])
      expect(answer).toMatchObject({ status: 404, jsonBody: { error: { code: 'RolloutNotFound' } } });
  });

  it('list those of all who read the same set, newest first and in pages, and no others', async () => {
    const world = createWorld();
    const [maker, same, all] = [
      await world.caller('tag:gold'),
      await world.caller('tag:gold', ['records.read']),
      await world.caller('*'),
    ];
    const ids: string[] = [];
    for (let made = 0; made < 3; made++) {
      ids.unshift(idIn(await maker.start({ tenants: 'tag:gold', dryRun: true })));
      world.clock.advance(minuteMs);
    }
    const theirs = idIn(await all.start({ tenants: '*' }));
    const first = tableIn(await same.listAll('?top=2'));
    const second = tableIn(await same.listAll(new URL(first.nextLink ?? root).search));
    expect([...first.value, ...second.value].map((one) => one['id'])).toEqual(ids);
    expect(first.value[0]).toMatchObject({ tenants: 'tag:gold', dryRun: true, tenantCount: 2 });
    expect(second.nextLink).toBeUndefined();
    expect(tableIn(await all.listAll()).value.map((one) => one['id'])).toEqual([theirs]);
    for (const query of ['?top=51', '?skiptoken=nonsense'])
      expect((await same.listAll(query)).status).toBe(400);
    const blind = await world.caller('tag:gold', ['auditing.enable']);
    expect((await blind.listAll()).status).toBe(403);
  });

  it('follow Location without a key, to the result and nothing else', async () => {
    const world = createWorld();
    const gold = await world.caller('tag:gold');
    const { headers } = await gold.start({ tenants: '*' });
    expect((await world.follow(headers['location'])).status).toBe(202);
    await world.run();
    for (const tenantId of [contosoId, fabrikamId]) await world.end(tenantId);
    await world.run();
    expect(await world.follow(headers['location'])).toMatchObject({
      status: 200,
      jsonBody: { succeededCount: 2 },
    });
    const other = idIn(await gold.start({ tenants: '*' }));
    const { search } = new URL(headers['location'] ?? '');
    expect((await world.follow(`${root}/${other}/result${search}`)).status).toBe(401);
  });

  it('cancel it if they made it or may enable auditing everywhere in their set', async () => {
    const world = createWorld();
    const [maker, same, reader] = [
      await world.caller('tag:gold'),
      await world.caller('tag:gold'),
      await world.caller('tag:gold', ['records.read']),
    ];
    const id = idIn(await maker.start({ tenants: '*' }));
    await world.run();
    expect((await reader.cancel(id)).status).toBe(403);
    expect((await same.cancel(id)).status).toBe(202);
    await world.run();
    expect(await maker.result(id)).toMatchObject({
      status: 200,
      jsonBody: { status: 'Canceled', canceledCount: 2 },
    });
    expect(world.enablements.all().map(({ status }) => status)).toEqual(['Canceled', 'Canceled']);
  });
});
