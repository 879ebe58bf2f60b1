/** Channels by HTTP: who may do what, and what refusals say. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createChannelStore } from '../../../shared/adapters/tables/channel-store.ts';
import { refusal, startAskedApp, type AskedApp, type Asking } from './asked-app.ts';

let app: AskedApp;
beforeAll(async () => {
  app = await startAskedApp(2);
});
afterAll(() => app.stop());

const made = z.looseObject({ id: z.guid() });
const teams = { displayName: 'On call', kind: 'teams', settings: { url: 'channel-teams' } };

async function createChannel(more: object = {}): Promise<string> {
  const { status, body } = await app.ask('channels', { body: { ...teams, ...more } });
  expect(status).toBe(201);
  return made.parse(body).id;
}

const patch = (id: string, body: object) => app.ask(`channels/${id}`, { method: 'PATCH', body });
const test = (id: string, body: object = {}) => app.ask(`channels/${id}/test`, { body });

describe('a channel', () => {
  it('is created, read, changed, and deleted, however its ID is written', async () => {
    const quietHours = { timeZone: 'Europe/Berlin', from: '18:00', to: '07:30' };
    const [tenants] = app.tenantIds;
    const created = await app.ask('channels', { body: { ...teams, quietHours, tenants } });
    const { id } = made.parse(created.body);
    const defaults = { minimumSeverity: 'medium', topics: ['findings'], floodLimit: 20, status: 'active' };
    expect(created).toMatchObject({ status: 201, body: { ...teams, ...defaults, quietHours, tenants } });
    expect(created.headers.get('location')).toMatch(new RegExp(`/channels/${id}$`));
    const written = id.toUpperCase();
    expect(await app.ask(`channels/${written}`)).toMatchObject({ status: 200, body: { id, ...teams } });
    const digest = { every: 'hour' };
    const changed = await patch(written, { remove: ['quietHours'], digest, paused: true });
    expect(changed).toMatchObject({ status: 200, body: { id, digest, tenants, status: 'paused' } });
    expect(changed.body).not.toMatchObject({ quietHours: expect.anything() as object });
    expect((await app.ask('channels')).body).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ id })]) as object[],
    });
    expect(await app.ask(`channels/${written}/deliveries`)).toMatchObject({
      status: 200,
      body: { value: [] },
    });
    for (const one of [written, id, 'no-id'])
      expect(await app.ask(`channels/${one}`, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await app.ask(`channels/${id}`)).toMatchObject(refusal(404, 'ChannelNotFound'));
  });

  const mail = { sender: 'alerts@partner.example', recipients: ['soc@partner.example'] };
  const halo = { url: 'https://x.halopsa.com', clientId: 'i', clientSecret: 'channel-x', ticketType: 3 };

  it.each([
    ['of an unknown kind', { kind: 'fax' }, 'kind'],
    ['without its settings', { settings: {} }, 'settings.url'],
    ['with a secret of the app itself', { settings: { url: 'signing-key' } }, 'settings.url'],
    ['with settings of another kind', { settings: { url: 'channel-x', sender: 'x' } }, 'settings'],
    [
      'of mail to an address that is not Azure’s',
      { kind: 'azureMail', settings: { ...mail, endpoint: 'https://evil.example' } },
      'settings.endpoint',
    ],
    [
      'of tickets, with a digest',
      { kind: 'haloPsa', settings: { ...halo, companies: {} }, digest: { every: 'hour' } },
      'digest',
    ],
    ['of tickets, without companies', { kind: 'haloPsa', settings: halo }, 'settings.companies'],
    ['with a digest without its time', { digest: { every: 'day' } }, 'digest'],
    [
      'in a time zone that does not exist',
      { quietHours: { timeZone: 'Europe/Atlantis', from: '18:00', to: '07:30' } },
      'quietHours.timeZone',
    ],
    ['of no topic', { topics: [] }, 'topics'],
    ['that may send nothing', { floodLimit: 0 }, 'floodLimit'],
    ['without a name', { displayName: ' ' }, 'displayName'],
    ['with a member that does not exist', { minSeverity: 'low' }, 'minSeverity'],
  ])('%s is refused', async (_, more, target) => {
    const answer = await app.ask('channels', { body: { ...teams, ...more } });
    expect(answer).toMatchObject(refusal(400, 'InvalidParameter', target));
  });

  it('of an unknown tenant, and an unknown channel, are not found', async () => {
    const body = { ...teams, tenants: randomUUID() };
    expect(await app.ask('channels', { body })).toMatchObject(refusal(404, 'TenantNotFound'));
    for (const id of [randomUUID(), 'no-id'])
      for (const answer of [
        await app.ask(`channels/${id}`),
        await patch(id, { paused: true }),
        await test(id),
        await app.ask(`channels/${id}/deliveries`),
      ])
        expect(answer).toMatchObject(refusal(404, 'ChannelNotFound'));
  });

  it.each(['reading', 'customer', 'none'] as const)(
    'cannot be seen or changed with a key for %s',
    async (name) => {
      const [key, id] = [app.keys[name], await createChannel()];
      const tries: readonly [string, Asking][] = [
        ['channels', {}],
        ['channels', { body: { ...teams, tenants: app.tenantIds[0] } }],
        [`channels/${id}`, {}],
        [`channels/${id}`, { method: 'PATCH', body: { paused: true } }],
        [`channels/${id}`, { method: 'DELETE' }],
        [`channels/${id}/test`, { body: {} }],
        [`channels/${id}/deliveries`, {}],
      ];
      for (const [path, asking] of tries)
        expect([path, (await app.ask(path, { ...asking, key })).status]).toEqual([path, 403]);
      expect(await app.ask(`channels/${id}`)).toMatchObject({ body: { status: 'active' } });
    },
  );

  it('is sent somewhere else only by those who may read what it sends', async () => {
    const [key, id] = [app.keys.managing, await createChannel()];
    expect(await app.ask('channels', { body: teams, key })).toMatchObject({ status: 403 });
    const body = { settings: { url: 'channel-other' } };
    expect(await app.ask(`channels/${id}`, { method: 'PATCH', body, key })).toMatchObject({ status: 403 });
    expect(await app.ask(`channels/${id}`, { key })).toMatchObject({ body: { settings: teams.settings } });
  });
});

describe('the test of a channel', () => {
  it('says what to do when the secret cannot be read', async () => {
    const id = await createChannel();
    const failed = { succeeded: false, nextStep: expect.stringMatching(/vault/) as string };
    expect(await test(id.toUpperCase())).toMatchObject({ status: 200, body: failed });
    expect(await test(id, { tenantId: app.tenantIds[0]?.toUpperCase() })).toMatchObject({ body: failed });
    expect(await test(id, { tenantId: randomUUID() })).toMatchObject(refusal(404, 'TenantNotFound'));
    expect(await test(id, { tenant: 'x' })).toMatchObject(refusal(400, 'InvalidParameter', 'tenant'));
  });

  it.each([
    ['settings that an earlier release took', { settings: { address: 'https://old.example' } }],
    ['a kind of a later release', { kind: 'pigeon' }],
  ])('says what to do about %s', async (_, changes) => {
    const [id, store] = [await createChannel(), createChannelStore(app.tables)];
    const stored = await store.get(id);
    if (stored !== undefined) await store.remove(id);
    if (stored !== undefined) await store.create({ ...stored, ...changes });
    expect(await test(id)).toMatchObject({
      status: 200,
      body: {
        succeeded: false,
        detail: 'The settings of the channel are not valid in this release.',
        nextStep: 'Change the settings of the channel.',
      },
    });
    expect(await app.ask(`channels/${id}`)).toMatchObject({ status: 200, body: changes });
    expect(await app.ask(`channels/${id}`, { method: 'DELETE' })).toMatchObject({ status: 204 });
  });
});
