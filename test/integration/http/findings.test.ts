/** Findings by HTTP: lists of many tenants, single ones, and what people make of them. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { canonicalSet } from '../../../shared/access/tenant-set.ts';
import { createFindingStore } from '../../../shared/adapters/tables/finding-store.ts';
import { newTimedId } from '../../../shared/timed-id.ts';
import { minuteMs } from '../../support/clock.ts';
import { findingOf } from '../../support/detection/findings.ts';
import { refusal, startAskedApp, type AskedApp } from './asked-app.ts';

/** More than are read one by one; findings of the last one belong to someone else. */
const tenantCount = 26;
const watchId = randomUUID();
const pageSchema = z.looseObject({
  value: z.array(z.looseObject({ id: z.string(), tenantId: z.string() })),
  nextLink: z.string().optional(),
});

let app: AskedApp;
/** Oldest first: one a minute, of each tenant in turn. */
let made: readonly { readonly id: string; readonly tenantId: string }[];
/** Of a caller with all tenants but the last one. */
let partner: string;

beforeAll(async () => {
  app = await startAskedApp(tenantCount);
  partner = await app.issueKey(canonicalSet(app.tenantIds.slice(0, -1)));
  const store = createFindingStore(app.tables);
  const start = Date.now() - 200 * minuteMs;
  made = Array.from({ length: 2 * tenantCount }, (_, at) => ({
    id: newTimedId(new Date(start + at * minuteMs)),
    tenantId: app.tenantIds[at % tenantCount] ?? '',
  }));
  for (const [at, { id: findingId, tenantId }] of made.entries()) {
    const severity = at === 1 ? 'critical' : 'medium';
    const own = at < tenantCount ? { watchId } : {};
    await store.create(findingOf({ findingId, tenantId, severity, ...own, notification: 'tooOld' }));
  }
});
afterAll(() => app.stop());

const stranger = () => app.tenantIds[tenantCount - 1] ?? '';
const idsOf = (body: unknown) => pageSchema.parse(body).value.map(({ id }) => id);
const list = (query: string, key?: string) => app.ask(`findings?${query}`, { key });

describe('the list of findings', () => {
  it('has those of all tenants, newest first, each once, on full pages', async () => {
    const [ids, sizes] = [[] as string[], [] as number[]];
    let next: string | undefined = 'findings?top=20';
    while (next !== undefined) {
      const page: z.output<typeof pageSchema> = pageSchema.parse((await app.ask(next)).body);
      ids.push(...page.value.map(({ id }) => id));
      sizes.push(page.value.length);
      next = page.nextLink;
    }
    expect(ids).toEqual(made.map(({ id }) => id).toReversed());
    expect(sizes).toEqual([20, 20, 12]);
  });

  it('of a caller with many tenants has theirs only, and its links name nothing of others', async () => {
    const own = made.filter(({ tenantId }) => tenantId !== stranger()).map(({ id }) => id);
    const ids: string[] = [];
    let next: string | undefined = 'findings?top=7';
    while (next !== undefined) {
      const page: z.output<typeof pageSchema> = pageSchema.parse(
        (await app.ask(next, { key: partner })).body,
      );
      ids.push(...page.value.map(({ id }) => id));
      next = page.nextLink;
      const token = next === undefined ? null : new URL(next).searchParams.get('skiptoken');
      if (token !== null) expect(own).toContain(Buffer.from(token, 'base64url').toString());
    }
    expect(ids).toEqual(own.toReversed());
  });

  it('is continued after a position of someone else without showing anything of theirs', async () => {
    const theirs = made.findLast(({ tenantId }) => tenantId === stranger());
    const token = Buffer.from(theirs?.id ?? '').toString('base64url');
    const { body } = await list(`top=100&skiptoken=${token}`, partner);
    const page = pageSchema.parse(body);
    expect(page.value.map(({ tenantId }) => tenantId)).not.toContain(stranger());
    expect(page.value).toHaveLength(2 * (tenantCount - 1));
  });

  it('has those that are wanted: by watch, severity, state, time, and tenant, however they are written', async () => {
    const [first, second] = made;
    const ofWatch = made.slice(0, tenantCount).map(({ id }) => id);
    for (const written of [watchId, watchId.toUpperCase()])
      expect(idsOf((await list(`watchId=${written}`)).body)).toEqual(ofWatch.toReversed());
    expect(idsOf((await list('severity=high')).body)).toEqual([second?.id]);
    expect(idsOf((await list('state=closed')).body)).toEqual([]);
    const from = new Date(Date.now() - 199.5 * minuteMs).toISOString();
    expect(idsOf((await list(`top=1000&from=${from}`)).body)).not.toContain(first?.id);
    expect(idsOf((await list(`to=${from}`)).body)).toEqual([first?.id]);
    const ofFirst = [made[tenantCount]?.id, first?.id];
    expect(idsOf((await list(`tenants=${first?.tenantId.toUpperCase()}`)).body)).toEqual(ofFirst);
    expect(idsOf((await list('', app.keys.customer)).body)).toEqual(ofFirst);
  });

  it.each([
    ['state=open', 'InvalidParameter', 'state'],
    ['severity=huge', 'InvalidParameter', 'severity'],
    ['watchId=mine', 'InvalidParameter', 'watchId'],
    ['from=yesterday', 'InvalidParameter', 'from'],
    ['top=0', 'InvalidParameter', 'top'],
    ['skiptoken=x', 'InvalidSkipToken', 'skiptoken'],
    ['wachId=1', 'InvalidParameter', 'wachId'],
  ])('for %s is refused', async (query, code, target) => {
    expect(await list(query)).toMatchObject(refusal(400, code, target));
  });

  it('needs the permission to read records, and tenants that the caller sees', async () => {
    for (const name of ['managing', 'none'] as const)
      expect(await list('', app.keys[name])).toMatchObject({ status: 403 });
    for (const tenant of [stranger(), randomUUID()])
      expect(await list(`tenants=${tenant}`, app.keys.customer)).toMatchObject(
        refusal(404, 'TenantNotFound'),
      );
  });
});

describe('a finding', () => {
  const path = (tenantId: string, id: string) => `tenants/${tenantId}/findings/${id}`;

  it('is shown, and its state changed, however the IDs are written', async () => {
    const [{ id, tenantId } = { id: '', tenantId: '' }] = made;
    const written = path(tenantId.toUpperCase(), id.toUpperCase());
    const shown = { id, tenantId, tenantDisplayName: 'Customer 1', watchId, state: 'new' };
    expect(await app.ask(written, { key: app.keys.customer })).toMatchObject({ status: 200, body: shown });
    const body = { state: 'closed', reason: ' A test of the backup. ' };
    const closed = { id, state: 'closed', reason: 'A test of the backup.' };
    const answer = await app.ask(written, { method: 'PATCH', body, key: app.keys.customer });
    expect(answer).toMatchObject({
      status: 200,
      body: { ...closed, changedBy: expect.stringMatching(/./) as string },
    });
    expect(idsOf((await list('state=closed')).body)).toEqual([id]);
    const reopened = await app.ask(written, { method: 'PATCH', body: { state: 'seen' } });
    expect(reopened).toMatchObject({ status: 200, body: { state: 'seen' } });
    expect(reopened.body).not.toMatchObject({ reason: expect.anything() as string });
  });

  it('of another tenant is as if it did not exist', async () => {
    const theirs = made.find(({ tenantId }) => tenantId === stranger());
    const [own = ''] = app.tenantIds;
    const body = { state: 'closed' };
    for (const asking of [{}, { method: 'PATCH', body }]) {
      for (const id of [theirs?.id ?? '', randomUUID(), 'no-id'])
        expect(await app.ask(path(own, id), { ...asking, key: app.keys.customer })).toMatchObject(
          refusal(404, 'FindingNotFound'),
        );
      expect(
        await app.ask(path(stranger(), theirs?.id ?? ''), { ...asking, key: app.keys.customer }),
      ).toMatchObject(refusal(404, 'TenantNotFound'));
    }
    expect(await app.ask(path(stranger(), theirs?.id ?? ''))).toMatchObject({ body: { state: 'new' } });
  });

  it.each([
    [{ state: 'open' }, 'state'],
    [{ reason: 'Known.' }, 'state'],
    [{ state: 'seen', reason: 'x'.repeat(501) }, 'reason'],
    [{ state: 'seen', severity: 'low' }, 'severity'],
  ])('is not changed to %j', async (body, target) => {
    const [{ id, tenantId } = { id: '', tenantId: '' }] = made;
    expect(await app.ask(path(tenantId, id), { method: 'PATCH', body })).toMatchObject(
      refusal(400, 'InvalidParameter', target),
    );
  });

  it('is neither shown nor changed without the permission to read records', async () => {
    const [{ id, tenantId } = { id: '', tenantId: '' }] = made;
    for (const asking of [{}, { method: 'PATCH', body: { state: 'closed' } }])
      for (const name of ['managing', 'none'] as const)
        expect((await app.ask(path(tenantId, id), { ...asking, key: app.keys[name] })).status).toBe(403);
  });
});
