/** Watches and dry runs by HTTP: who may do what, and what refusals say. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dayMs, hourMs } from '../../support/clock.ts';
import { importTexts } from '../deployed/import-texts.ts';
import { refusal, startAskedApp, type AskedApp, type Asking } from './asked-app.ts';

let app: AskedApp;
beforeAll(async () => {
  // A dry run has at most 50.
  app = await startAskedApp(51);
});
afterAll(() => app.stop());

const rule = { title: 'Inbox rules', filter: "operation eq 'New-InboxRule'" };
const made = z.looseObject({ id: z.guid() });

async function createWatch(more: object = {}): Promise<string> {
  const { status, body } = await app.ask('watches', { body: { displayName: 'Mine', rule, ...more } });
  expect(status).toBe(201);
  return made.parse(body).id;
}

const patch = (id: string, body: object) => app.ask(`watches/${id}`, { method: 'PATCH', body });

function suppressionOf(more: object = {}): object {
  const endDateTime = new Date(Date.now() + hourMs).toISOString();
  return { tenantId: app.tenantIds[0], reason: 'Our scanner.', endDateTime, ...more };
}

const suppress = (id: string, more: object = {}) =>
  app.ask(`watches/${id}/suppressions`, { body: suppressionOf(more) });

describe('a watch', () => {
  it('is created, read, changed, and deleted, however its ID is written', async () => {
    const created = await app.ask('watches', {
      body: { displayName: ' Pack ', pack: ['*'], tenants: app.tenantIds[0], severity: 'high' },
    });
    const { id } = made.parse(created.body);
    const shown = { id, displayName: 'Pack', pack: ['*'], tenants: app.tenantIds[0], severity: 'high' };
    expect(created).toMatchObject({ status: 201, body: { ...shown, enabled: true, status: 'active' } });
    expect(created.headers.get('location')).toMatch(new RegExp(`/watches/${id}$`));
    expect(await app.ask(`watches/${id.toUpperCase()}`)).toMatchObject({ status: 200, body: shown });
    const changes = { enabled: false, severity: 'asInRules', sigma: undefined, rule };
    const changed = await patch(id.toUpperCase(), changes);
    expect(changed).toMatchObject({ status: 200, body: { id, rule, enabled: false, status: 'disabled' } });
    expect(changed.body).not.toMatchObject({ severity: expect.anything() as string });
    expect(changed.body).not.toMatchObject({ pack: expect.anything() as string[] });
    expect((await app.ask('watches')).body).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ id })]) as object[],
    });
    for (const written of [id.toUpperCase(), id, 'no-id'])
      expect(await app.ask(`watches/${written}`, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await app.ask(`watches/${id}`)).toMatchObject(refusal(404, 'WatchNotFound'));
  });

  it.each([
    ['without rules', {}, 'pack', "Send 'pack', 'rule', or 'sigma'."],
    ['with two kinds of rules', { pack: ['*'], rule }, 'pack', "Send one of 'pack', 'rule', and 'sigma'."],
    ['with a rule that the pack does not have', { pack: ['no-rule'] }, 'pack', 'GET /packRules lists them'],
    ['with a filter that cannot be read', { rule: { ...rule, filter: 'operation eq' } }, 'rule.filter', ''],
    [
      'with a member that no record has',
      { rule: { ...rule, groupBy: ['userid2'] } },
      'rule.groupBy.0',
      "Did you mean 'userId'?",
    ],
    [
      'with a regular expression that is none',
      { rule: { title: 'x', condition: { op: 'regex', member: 'userId', values: ['('] } } },
      'rule',
      '',
    ],
    ['with Sigma that is none', { sigma: 'title: x\nlogsource: 1\n' }, 'sigma', 'Line 2'],
    ['of a severity that does not exist', { rule, severity: 'apocalyptic' }, 'severity', ''],
    ['of a tag that cannot exist', { rule, tenants: 'tag:a b' }, 'tenants', 'letters, digits'],
    ['with a member that does not exist', { rule, severty: 'high' }, 'severty', ''],
  ])('%s is refused, and the answer says what to do', async (_, more, target, message) => {
    const answer = await app.ask('watches', { body: { displayName: 'Mine', ...more } });
    expect(answer).toMatchObject(refusal(400, 'InvalidParameter', target));
    expect(answer.body).toMatchObject({
      error: { message: expect.stringContaining(message) as string },
    });
  });

  it('of an unknown tenant, and an unknown watch, are not found', async () => {
    const body = { displayName: 'Mine', rule, tenants: randomUUID() };
    expect(await app.ask('watches', { body })).toMatchObject(refusal(404, 'TenantNotFound'));
    for (const id of [randomUUID(), 'no-id']) {
      expect(await patch(id, { enabled: false })).toMatchObject(refusal(404, 'WatchNotFound'));
      expect(await suppress(id)).toMatchObject(refusal(404, 'WatchNotFound'));
    }
  });

  it.each([
    ['reading', 403],
    ['customer', 403],
    ['none', 403],
  ] as const)('cannot be seen or changed with a key for %s', async (name, status) => {
    const [key, id] = [app.keys[name], await createWatch()];
    const tries: readonly [string, Asking][] = [
      ['watches', {}],
      ['watches', { body: { displayName: 'Theirs', pack: ['*'], tenants: app.tenantIds[0] } }],
      [`watches/${id}`, {}],
      [`watches/${id}`, { method: 'PATCH', body: { enabled: false } }],
      [`watches/${id}`, { method: 'DELETE' }],
      [`watches/${id}/suppressions`, { body: suppressionOf() }],
      [`watches/${id}/suppressions/${id}`, { method: 'DELETE' }],
    ];
    for (const [path, asking] of tries)
      expect([path, (await app.ask(path, { ...asking, key })).status]).toEqual([path, status]);
    expect(await app.ask(`watches/${id}`, { key: app.keys.managing })).toMatchObject({
      body: { enabled: true, suppressions: [] },
    });
  });
});

describe('a suppression', () => {
  it('is made and ended, however the IDs are written', async () => {
    const id = await createWatch();
    const values = ['192.0.2.0/24'];
    const answer = await suppress(id.toUpperCase(), { member: 'clientIp', values });
    const { id: suppressionId } = made.parse(answer.body);
    const shown = { id: suppressionId, tenantId: app.tenantIds[0], member: 'clientIp', values };
    expect(answer).toMatchObject({ status: 201, body: shown });
    expect(await app.ask(`watches/${id}`)).toMatchObject({ body: { suppressions: [shown] } });
    const path = `watches/${id}/suppressions/${suppressionId.toUpperCase()}`;
    for (const time of ['first', 'second'])
      expect([time, (await app.ask(path, { method: 'DELETE' })).status]).toEqual([time, 204]);
    expect(await app.ask(`watches/${id}`)).toMatchObject({ body: { suppressions: [] } });
  });

  it.each([
    ['of a member that no record has', { member: 'userid2', values: ['x'] }, 'member', "'userId'?"],
    ['of a member without values', { member: 'userId' }, 'values', 'belong together'],
    ['of values without a member', { values: ['x'] }, 'values', 'belong together'],
    ['with an end that is past', { endDateTime: '2020-01-01' }, 'endDateTime', 'is in the past'],
    ['with an end that is none', { endDateTime: 'soon' }, 'endDateTime', 'must be a moment'],
    ['without a reason', { reason: ' ' }, 'reason', ''],
  ])('%s is refused, and the answer says why', async (_, more, target, message) => {
    const answer = await suppress(await createWatch(), more);
    expect(answer).toMatchObject(refusal(400, 'InvalidParameter', target));
    expect(answer.body).toMatchObject({ error: { message: expect.stringContaining(message) as string } });
  });

  it('in an unknown tenant is not found', async () => {
    const answer = await suppress(await createWatch(), { tenantId: randomUUID() });
    expect(answer).toMatchObject(refusal(404, 'TenantNotFound'));
  });

  it('that does not fit into the watch is refused, and the watch is as before', async () => {
    const id = await createWatch();
    const values = () => Array.from({ length: 100 }, () => randomBytes(300).toString('base64'));
    expect(await suppress(id, { member: 'userId', values: values() })).toMatchObject({ status: 201 });
    const answer = await suppress(id, { member: 'userId', values: values() });
    expect(answer).toMatchObject(refusal(400, 'WatchTooLarge'));
    expect(answer.body).toMatchObject({
      error: { message: expect.stringMatching(/take \d+ KiB; the limit is 48.*end suppressions/) as string },
    });
    const { body } = await app.ask(`watches/${id}`);
    expect(body).toMatchObject({ suppressions: [{ member: 'userId' }] });
    expect(await patch(id, { rule: { ...rule, description: 'Short.' } })).toMatchObject({ status: 200 });
    const description = randomBytes(2000).toString('hex');
    const references = Array.from(
      { length: 18 },
      () => `https://a.example/${randomBytes(900).toString('hex')}`,
    );
    expect(await patch(id, { rule: { ...rule, description, references } })).toMatchObject(
      refusal(400, 'WatchTooLarge'),
    );
  });
});

describe('a dry run', () => {
  const tryRules = (body: object, key?: string) => app.ask('dryRuns', { body, key });

  it('says how often rules would have fired, in the tenants that the caller sees', async () => {
    const [tenantId = '', other = ''] = app.tenantIds;
    // An import takes what the feed does not deliver anymore.
    const at = new Date(Date.now() - 12 * dayMs).toISOString().slice(0, 19);
    const texts = ['New-InboxRule', 'New-InboxRule', 'FileAccessed'].map((Operation) =>
      JSON.stringify({
        ...{ Id: randomUUID(), CreationTime: at, Operation, UserId: 'anna@contoso.example' },
        ...{ Workload: 'Exchange', RecordType: 1, OrganizationId: tenantId },
      }),
    );
    await importTexts({ ask: app.fetch }, tenantId, texts, 60_000);
    const answer = await tryRules(
      { rule, tenants: [tenantId.toUpperCase(), other], days: 30 },
      app.keys.reading,
    );
    const counts = { findings: 1, matches: 2, recordsRead: 2 };
    expect(answer).toMatchObject({
      status: 200,
      body: {
        value: [
          { tenantId, tenantDisplayName: 'Customer 1', ...counts, rules: [{ findings: 1 }] },
          { tenantId: other, findings: 0, matches: 0, recordsRead: 0, rules: [] },
        ],
        failedRules: [],
      },
    });
    const own = await tryRules({ rule, days: 30 }, app.keys.customer);
    expect(own.body).toMatchObject({ value: [{ tenantId, ...counts }] });
    expect((await app.ask('watches')).body).not.toMatchObject({ value: [{ displayName: 'dryRun' }] });
  });

  it.each([
    ['without rules', {}, 'pack'],
    ['of more days than are read', { rule, days: 31 }, 'days'],
    ['of no day', { rule, days: 0 }, 'days'],
    ['of more tenants than are read', { rule }, 'tenants'],
    ['with a rule that cannot be read', { rule: { ...rule, window: 'PT0S' } }, 'rule.window'],
  ])('%s is refused', async (_, body, target) => {
    expect(await tryRules(body)).toMatchObject(refusal(400, 'InvalidParameter', target));
  });

  it('of tenants of others is as if they did not exist', async () => {
    const [, other = ''] = app.tenantIds;
    const theirs = await tryRules({ rule, tenants: other }, app.keys.customer);
    const nothing = await tryRules({ rule, tenants: randomUUID() }, app.keys.customer);
    expect(theirs).toMatchObject(refusal(404, 'TenantNotFound'));
    expect(nothing).toMatchObject(refusal(404, 'TenantNotFound'));
  });

  it('needs the permission to read records', async () => {
    for (const name of ['managing', 'none'] as const)
      expect((await tryRules({ rule, tenants: app.tenantIds[0] }, app.keys[name])).status).toBe(403);
  });
});
