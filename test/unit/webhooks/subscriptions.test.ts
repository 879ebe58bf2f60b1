import { callerWith } from '../../../shared/access/caller.ts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createSubscription } from '../../../shared/webhooks/manage-subscriptions.ts';
import { dayMs } from '../../support/clock.ts';
import { guidOf } from '../../support/feed-world.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import type { ApiAnswer, ApiRequest } from '../../support/trigger-api.ts';
import { createTriggerWorld } from '../../support/trigger-world.ts';
import { answered } from '../../support/webhook-world.ts';

const targetUrl = 'https://flows.example/hook?sig=signature';
const made = ({ json }: ApiAnswer) => z.looseObject({ id: z.string(), secret: z.string() }).parse(json);

async function createSubscriptions() {
  const world = await createTriggerWorld();
  const owner = await world.createKey(fabrikamId);
  const call = (path: string, request: ApiRequest = {}) =>
    world.call(`tenants/${fabrikamId}/subscriptions${path}`, { key: owner.text, ...request });
  const post = (body: object, path = '') => call(path, { method: 'POST', body });
  return { ...world, owner, call, post, anonymous: world.call };
}

describe('a subscription over HTTP', () => {
  it('is created with a secret that is shown once, read, listed, and deleted', async () => {
    const { call, post } = await createSubscriptions();
    const answer = await post({ targetUrl });
    expect(answer.status).toBe(201);
    const { id, secret } = made(answer);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const read = await call(`/${id}`);
    expect(read).toMatchObject({ status: 200, json: { id, status: 'active', targetHost: 'flows.example' } });
    expect(JSON.stringify([read.json, (await call('')).json])).not.toMatch(/whsec|signature/);
    expect((await call(`/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/${id}`)).status).toBe(404);
  });

  it('cannot be created by a caller of Entra ID, whose role may end without notice', async () => {
    const { deps } = await createSubscriptions();
    const caller = callerWith(`entra:${fabrikamId}/0a1b`, { tenants: fabrikamId, scopes: ['records.read'] });
    const body = { targetUrl, content: 'ids' } as const;
    const made = createSubscription(deps, {
      owner: fabrikamId,
      caller,
      baseUrl: 'https://audit.example/',
      body,
    });
    await expect(made).rejects.toMatchObject({ status: 403, code: 'Forbidden' });
    expect(await deps.subscriptions.list(fabrikamId)).toEqual([]);
  });

  it('is neither created nor tested for a tenant that is being removed', async () => {
    const { post, sent, tenants, call } = await createSubscriptions();
    const { id } = made(await post({ targetUrl }));
    await tenants.update(fabrikamId, { state: 'Removing' });
    for (const answer of [await post({ targetUrl }), await post({}, `/${id}/test`)])
      expect(answer).toMatchObject({ status: 409, json: { error: { code: 'TenantBeingRemoved' } } });
    expect(sent).toHaveLength(0);
    expect((await call(`/${id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('is deleted by its Location, without a key, which opens nothing else', async () => {
    const { call, post, anonymous } = await createSubscriptions();
    const [one, other] = [await post({ targetUrl }), await post({ targetUrl })];
    const location = one.headers.get('location') ?? '';
    const elsewhere = location.replace(made(one).id, made(other).id);
    expect((await anonymous(elsewhere, { method: 'DELETE' })).status).toBe(401);
    expect((await anonymous(location, { method: 'GET' })).status).toBe(401);
    expect((await anonymous(location, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/${made(other).id}`)).status).toBe(200);
  });

  it('can be deleted by its Location years later, even if the key is gone', async () => {
    const { post, anonymous, revoke, owner, clock, deps } = await createSubscriptions();
    const location = (await post({ targetUrl })).headers.get('location') ?? '';
    await revoke(owner.id);
    clock.advance(3 * 365 * dayMs);
    expect((await anonymous(location, { method: 'DELETE' })).status).toBe(204);
    expect(await deps.subscriptions.list(fabrikamId)).toEqual([]);
  });

  it('links to records at the address that the request was sent to', async () => {
    const { post, publish, drain, sent } = await createSubscriptions();
    await post({ targetUrl });
    await publish([{ id: guidOf('a') }]);
    await drain();
    const url = `https://auditkeep.example/api/tenants/${fabrikamId}/records/${guidOf('a')}`;
    expect(JSON.parse(sent[0]?.body ?? '{}')).toMatchObject({ data: { value: [{ id: guidOf('a'), url }] } });
    expect(sent[0]?.url).toBe(targetUrl);
  });

  it('accepts an escaped address', async () => {
    const { post, publish, drain, sent } = await createSubscriptions();
    expect((await post({ targetUrl: encodeURIComponent(targetUrl) })).status).toBe(201);
    await publish([{ id: guidOf('a') }]);
    await drain();
    expect(sent[0]?.url).toBe(targetUrl);
  });

  it.each([
    'http://flows.example/',
    'https://flows.example:8443/',
    'https://user:word@flows.example/',
    'ftp://flows.example/',
    'flows.example',
    'https://',
    'https://localhost/hook',
    'https://LOCALHOST./hook',
    'https://app.localhost/hook',
    'https://printer/hook',
    'https://auditkeep.internal/hook',
    'https://127.0.0.1/hook',
    'https://0x7f.1/hook',
    'https://10.20.30.40/hook',
    'https://169.254.169.254/metadata',
    'https://[::1]/hook',
    'https://[::ffff:10.0.0.1]/hook',
    `https://flows.example/${'x'.repeat(4000)}`,
  ])('is refused for the address %s', async (address) => {
    const { post } = await createSubscriptions();
    expect(await post({ targetUrl: address })).toMatchObject({
      ...{ status: 400, json: { error: { code: 'InvalidParameter', target: 'targetUrl' } } },
    });
  });

  it.each(['https://1.1.1.1/hook', 'https://[2600::1]/hook', 'https://local.example/'])(
    'is accepted for the address %s',
    async (address) => {
      const { post } = await createSubscriptions();
      expect(await post({ targetUrl: address })).toMatchObject({ status: 201 });
    },
  );

  it('says Unreachable, in tests and as its last error, for a name that is private and for one that is unknown', async () => {
    const { call, post, answerWith, publish, drain } = await createSubscriptions();
    const { id } = made(await post({ targetUrl }));
    for (const detail of ['AddressRefused', 'ENOTFOUND']) {
      answerWith(() => ({ kind: 'unreachable', code: 'Unreachable', detail }));
      expect(await post({}, `/${id}/test`)).toMatchObject({
        json: { delivered: false, result: 'Unreachable' },
      });
    }
    await publish([{ id: guidOf('a') }]);
    await drain();
    expect((await call(`/${id}`)).json).toMatchObject({ lastError: 'Unreachable' });
  });

  it('is refused for unknown filters, an unknown search, and both', async () => {
    const { post } = await createSubscriptions();
    const tried = [
      { filters: { bogus: 'x' } },
      { search: 'none' },
      { search: 'a', filters: {} },
      { bogus: 1 },
    ];
    const answers = await Promise.all(tried.map((more) => post({ targetUrl, ...more })));
    expect(answers.map(({ status }) => status)).toEqual([400, 404, 400, 400]);
  });

  it('can be tested and its secret rotated by its creator and by callers who manage tenants', async () => {
    const { call, post, createKey, answerWith } = await createSubscriptions();
    const { id, secret } = made(await post({ targetUrl }));
    expect(await post({}, `/${id}/test`)).toMatchObject({ json: { delivered: true, result: '200' } });
    answerWith(() => answered(404));
    expect(await post({}, `/${id}/test`)).toMatchObject({ json: { delivered: false, result: '404' } });
    const renewed = made(await post({}, `/${id}/rotateSecret`));
    expect([renewed.id, renewed.secret === secret]).toEqual([id, false]);
    const stranger = { key: (await createKey(fabrikamId)).text };
    const manager = { key: (await createKey('*', ['records.read', 'tenants.manage'])).text };
    const statuses = [];
    for (const { key } of [stranger, manager]) {
      for (const path of ['test', 'rotateSecret']) {
        statuses.push((await call(`/${id}/${path}`, { method: 'POST', body: {}, key })).status);
      }
      statuses.push((await call(`/${id}`, { method: 'DELETE', key })).status);
    }
    expect(statuses).toEqual([403, 403, 403, 200, 200, 204]);
  });

  it('does not exist for callers without access to the tenant', async () => {
    const { call, post, createKey } = await createSubscriptions();
    const { id } = made(await post({ targetUrl }));
    const { text: key } = await createKey(adatumId);
    const statuses = await Promise.all([
      call('', { key }),
      call(`/${id}`, { key }),
      call(`/${id}`, { key, method: 'DELETE' }),
      call(`/${id}/test`, { key, method: 'POST', body: {} }),
      call('', { key, method: 'POST', body: { targetUrl } }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  });

  it('is limited to fifty per tenant', async () => {
    const { post } = await createSubscriptions();
    for (let count = 0; count < 50; count++) expect((await post({ targetUrl })).status).toBe(201);
    expect(await post({ targetUrl })).toMatchObject({
      status: 409,
      json: { error: { code: 'TooManySubscriptions' } },
    });
  });
});
