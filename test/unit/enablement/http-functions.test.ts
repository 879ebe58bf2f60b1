import {
  cancelEnablementHandler,
  getEnablementHandler,
  getEnablementResultHandler,
  startEnablementHandler,
} from '../../../functions/enablement/enablements.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { getPostureHandler } from '../../../functions/enablement/get-posture.ts';
import { served } from '../../support/served.ts';
import { HttpRequest, InvocationContext, type HttpFunctionOptions } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, type Scope } from '../../../shared/access/api-keys.ts';
import { createCapabilities } from '../../../shared/access/capability-token.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { hourMs } from '../../support/clock.ts';
import { createEnablementWorld } from '../../support/enablement-world.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { mailboxNamed } from '../../support/modeled-mailbox.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const answerSchema = z.object({
  status: z.number().default(200),
  jsonBody: z.unknown(),
  headers: z.record(z.string(), z.string()),
});

const root = `https://auditkeep.example/api/tenants/${fabrikamId}`;

async function createWorld(tenants = '*', scopes: readonly Scope[] = ['records.read', 'auditing.enable']) {
  const world = createEnablementWorld();
  const keys = createFakeApiKeyStore();
  const { key, text } = newApiKey({ name: 'Flow', tenants, scopes }, world.clock.now());
  await keys.create(key);
  const access = createAccess({
    ...plainAccess,
    ...{ keys, tenants: world.tenants, telemetry: world.telemetry.telemetry, now: world.clock.now },
  });
  const capabilities = createCapabilities({
    ...{ signingKeys: [Buffer.alloc(32, 5)], keys, tenants: world.tenants, now: world.clock.now },
  });
  const deps = { ...createFakeHttpDeps(world.clock.now), ...world.depsOf(), access, capabilities };
  const call = async (
    options: HttpFunctionOptions,
    path: string,
    { body, key = { 'x-api-key': text } }: { readonly body?: object; readonly key?: object } = {},
  ) => {
    const [, enablementId = ''] = /enablements\/([^/]+)/.exec(path) ?? [];
    const request = new HttpRequest({
      ...{ method: body === undefined ? 'GET' : 'POST', url: `${root}${path}` },
      headers: { ...key, 'content-type': 'application/json' },
      params: { tenantId: fabrikamId, enablementId },
      ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
    });
    const context = new InvocationContext({ logHandler: () => undefined });
    const given = await options.handler(request, context);
    await expectDescribedInit(request, given);
    return answerSchema.parse(given);
  };
  return {
    ...world,
    start: (body: object = {}) => call(served(deps, startEnablementHandler), '/enablements', { body }),
    get: (id: string) => call(served(deps, getEnablementHandler), `/enablements/${id}`),
    result: (id: string) => call(served(deps, getEnablementResultHandler), `/enablements/${id}/result`),
    follow: ({ headers: { location = '' } }: { readonly headers: Readonly<Record<string, string>> }) =>
      call(served(deps, getEnablementResultHandler), location.slice(root.length), { key: {} }),
    cancel: (id: string) =>
      call(served(deps, cancelEnablementHandler), `/enablements/${id}/cancel`, { body: {} }),
    posture: () => call(served(deps, getPostureHandler), '/posture'),
  };
}

const idIn = ({ jsonBody }: { readonly jsonBody?: unknown }) =>
  z.object({ id: z.string() }).parse(jsonBody).id;

const resultOf = (id: string): unknown =>
  expect.stringMatching(new RegExp(`^${root}/enablements/${id}/result\\?t=.{80,}$`));

describe('an enablement requested over HTTP', () => {
  it.each([
    [
      { owner: ['MailboxLogin', 'Copy'] },
      'owner.1',
      'owner',
      'ApplyRecord, Create, HardDelete, MailItemsAccessed',
    ],
    [
      { nonOwner: { admin: ['FolderBindd'] } },
      'nonOwner.admin.0',
      'admin',
      'ApplyRecord, Copy, Create, FolderBind',
    ],
    [
      { nonOwner: { delegate: ['Send'] } },
      'nonOwner.delegate.0',
      'delegate',
      'ApplyRecord, Create, FolderBind',
    ],
  ])(
    'that names an action Exchange does not know, %j, is refused before anything starts',
    async (body, target, type, known) => {
      const world = await createWorld();
      const { status, jsonBody } = await world.start(body);
      expect(status).toBe(400);
      expect(jsonBody).toMatchObject({ error: { target } });
      expect(JSON.stringify(jsonBody)).toContain(
        `'${target}' is not an action that Exchange can audit for the logon type ${type}. Use one of: ${known}`,
      );
      expect(await world.enablements.list(fabrikamId, 1)).toEqual([]);
    },
  );

  it('may spell actions in any case', async () => {
    const world = await createWorld();
    expect(await world.start({ owner: ['mailboxLOGIN'] })).toMatchObject({ status: 202 });
    const [{ request } = { request: undefined }] = await world.enablements.list(fabrikamId, 1);
    expect(request).toMatchObject({ owner: ['MailboxLogin'] });
  });

  it('is accepted with both addresses, can be polled, and has its result when it has finished', async () => {
    const world = await createWorld();
    world.exchange.put(mailboxNamed('anna', { auditEnabled: false }));
    const started = await world.start();
    const id = idIn(started);
    expect(started).toMatchObject({
      ...{ status: 202, jsonBody: { status: 'NotStarted', percentComplete: 0 } },
      headers: {
        ...{ location: resultOf(id), 'retry-after': '10' },
        'operation-location': `${root}/enablements/${id}`,
      },
    });
    expect(await world.get(id)).toMatchObject({ status: 200, jsonBody: { status: 'NotStarted' } });
    expect(await world.result(id)).toMatchObject({
      ...{ status: 202, headers: { location: resultOf(id) } },
    });
    await world.drain();
    const done = { status: 200, jsonBody: { id, status: 'Succeeded', percentComplete: 100 } };
    expect(await world.get(id)).toMatchObject(done);
    expect(await world.result(id)).toMatchObject(done);
  });

  it('has a result that Location alone can poll, in this tenant and for this enablement', async () => {
    const world = await createWorld();
    const started = await world.start();
    const waiting = await world.follow(started);
    expect(waiting).toMatchObject({ status: 202, headers: { location: resultOf(idIn(started)) } });
    await world.drain();
    expect(await world.follow(waiting)).toMatchObject({ status: 200, jsonBody: { id: idIn(started) } });
    const next = await world.start();
    const location = (waiting.headers['location'] ?? '').replace(idIn(started), idIn(next));
    expect((await world.follow({ headers: { location } })).status).toBe(401);
  });

  it('does not show its result to callers who may start it but not read', async () => {
    const world = await createWorld('*', ['auditing.enable']);
    const started = await world.start();
    expect(started.headers['location']).toBe(`${root}/enablements/${idIn(started)}/result`);
    expect([(await world.follow(started)).status, (await world.result(idIn(started))).status]).toEqual([
      401, 403,
    ]);
  });

  it('while another one runs is refused with the address of that one', async () => {
    const world = await createWorld();
    const id = idIn(await world.start());
    expect(await world.start()).toMatchObject({
      ...{ status: 409, headers: { location: `${root}/enablements/${id}` } },
      jsonBody: { error: { code: 'EnablementInProgress', message: expect.stringContaining(id) as unknown } },
    });
  });

  it('is refused for a tenant that is being removed, and a running one ends', async () => {
    const world = await createWorld();
    world.exchange.put(mailboxNamed('anna', { auditEnabled: false }));
    await world.start();
    await world.tenants.update(fabrikamId, { state: 'Removing' });
    const refused = await world.start();
    expect(refused).toMatchObject({ status: 409, jsonBody: { error: { code: 'TenantBeingRemoved' } } });
    await world.drain();
    expect(world.exchange.writes).toEqual([]);
  });

  it('that succeeds in part is 200 with its steps', async () => {
    const world = await createWorld();
    world.exchange.refuse('listBypasses', new UpstreamError('fail', 'ExchangeRefused', 'Not this.'));
    const id = idIn(await world.start());
    await world.drain();
    expect(await world.result(id)).toMatchObject({ status: 200, jsonBody: { status: 'PartiallySucceeded' } });
  });

  it('that fails is 422 with how to fix it, while its monitor stays 200', async () => {
    const world = await createWorld();
    world.exchange.refuse(
      'readOrganization',
      new UpstreamError('fail', 'AADSTS7000229', 'Give admin consent.'),
    );
    world.exchange.refuse(
      'readUnifiedAuditLog',
      new UpstreamError('fail', 'AADSTS7000229', 'Give admin consent.'),
    );
    const id = idIn(await world.start({ workloads: ['organization'] }));
    await world.drain();
    expect(await world.result(id)).toMatchObject({
      status: 422,
      headers: { 'x-ms-error-code': 'EnablementFailed' },
      jsonBody: {
        error: {
          code: 'EnablementFailed',
          message: expect.stringMatching(/^Give admin consent\.\nBy hand:\nInstall-Module/) as unknown,
          details: expect.arrayContaining([
            expect.objectContaining({ code: 'AADSTS7000229', target: 'unifiedAuditLog' }),
          ]) as unknown,
        },
      },
    });
    expect(await world.get(id)).toMatchObject({ status: 200, jsonBody: { status: 'Failed' } });
  });

  it('is canceled while it waits', async () => {
    const world = await createWorld();
    world.exchange.organization.unifiedAuditLog = false;
    world.exchange.delays.unifiedAuditLogMs = hourMs;
    const id = idIn(await world.start());
    await world.deliver();
    const asked = world.clock.now();
    expect(await world.cancel(id)).toMatchObject({ status: 202, jsonBody: { status: 'Canceled' } });
    expect(world.clock.now()).toEqual(asked);
    expect(await world.result(id)).toMatchObject({ status: 200, jsonBody: { status: 'Canceled' } });
    expect((await world.cancel(id)).status).toBe(202);
    expect(world.queues.waiting()).toHaveLength(1);
  });

  it('does not exist for callers of other tenants, and is refused without the scope', async () => {
    const world = await createWorld();
    const other = await createWorld(adatumId);
    expect((await other.start()).status).toBe(404);
    const reader = await createWorld('*', ['records.read']);
    expect((await reader.start()).status).toBe(403);
    expect(reader.queues.waiting()).toEqual([]);
    for (const id of ['nonsense', 'a'.repeat(300), '3c1f7a52-8b6d-4e90-b7c4-5d2a9e8f1063']) {
      expect(await world.get(id)).toMatchObject({
        ...{ status: 404, jsonBody: { error: { code: 'EnablementNotFound' } } },
      });
    }
  });
});

describe('the posture over HTTP', () => {
  it('is its history, with problems and drift of each day', async () => {
    const world = await createWorld();
    const postureOf = (day: string, unifiedAuditLog: boolean) => ({
      ...{ takenAt: `2026-03-0${day}T04:23:00.000Z`, unifiedAuditLog, mailboxAuditingDisabled: false },
      ...{ mailboxes: { total: 1, asWanted: 1, wrong: [] }, bypasses: [], subscriptionsMissing: [] },
    });
    expect((await world.posture()).jsonBody).toEqual({ value: [] });
    for (const [day, on] of [
      ['1', true],
      ['2', false],
      ['3', false],
    ] as const)
      await world.postures.save(fabrikamId, postureOf(day, on));
    const off = 'The unified audit log is off.';
    expect((await world.posture()).jsonBody).toMatchObject({
      value: [
        { checkedDateTime: '2026-03-03T04:23:00.000Z', problems: [off], drift: [] },
        { checkedDateTime: '2026-03-02T04:23:00.000Z', problems: [off], drift: [off] },
        { checkedDateTime: '2026-03-01T04:23:00.000Z', problems: [], drift: [] },
      ],
    });
  });
});
