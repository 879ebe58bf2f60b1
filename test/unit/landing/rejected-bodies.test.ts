/** Operators see rejected bodies, read them, have them fetched again, and give them up; over HTTP. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  getRejectedBodyContentHandler,
  getRejectedBodyHandler,
  giveUpRejectedBodyHandler,
  listRejectedBodiesHandler,
  releaseRejectedBodyHandler,
} from '../../../functions/ingestion/rejected-bodies.ts';
import { getIngestionHandler } from '../../../functions/ingestion/get-ingestion.ts';
import type { ContentBlob } from '../../../shared/activity/activity-feed.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, type Scope } from '../../../shared/access/api-keys.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import type { PacedBody } from '../../../shared/http/paced-body.ts';
import { missingIn, readCompleteness } from '../../../shared/query/completeness.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { bodyOf, contentNamed, recordTexts } from '../../support/content.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { createPollWorld } from '../../support/poll-world.ts';
import { served } from '../../support/served.ts';

const texts = recordTexts('part', 3);
const damaged = Buffer.from(`[${texts[0] ?? ''},null,${texts.slice(1).join(',')}]`);
const gone = new UpstreamError('gone', 'AF20051', 'It has expired.');

const handlers = {
  list: listRejectedBodiesHandler,
  get: getRejectedBodyHandler,
  content: getRejectedBodyContentHandler,
  release: releaseRejectedBodyHandler,
  giveUp: giveUpRejectedBodyHandler,
  ingestion: getIngestionHandler,
};

const viewSchema = z.looseObject({ bodyId: z.guid(), state: z.string() });
const listSchema = z.object({ value: z.array(viewSchema), nextLink: z.string().optional() });

async function createWorld() {
  const world = createPollWorld();
  const { tenant, clock } = world;
  const tenants = createFakeTenantStore([tenant]);
  const keys = createFakeApiKeyStore();
  const telemetry = world.telemetry.telemetry;
  const access = createAccess({ ...plainAccess, keys, tenants, telemetry, now: clock.now });
  const pacedBody: PacedBody = async function* (_, chunks) {
    yield* chunks;
  };
  const deps = {
    ...createFakeHttpDeps(clock.now),
    ...world,
    telemetry,
    tenants,
    access,
    pacedBody,
    now: clock.now,
  };
  const callerWith = async (scopes: readonly Scope[]) => {
    const { key, text } = newApiKey({ name: 'Partner', tenants: '*', scopes }, clock.now());
    await keys.create(key);
    const call = async (name: keyof typeof handlers, path: string, body?: unknown) => {
      const options = served(deps, handlers[name]);
      const url = `https://auditkeep.example/api/tenants/${tenant.tenantId}/${path}`;
      const request = new HttpRequest({
        method: options.methods?.[0] ?? 'GET',
        url,
        headers: { 'x-api-key': text, 'content-type': 'application/json' },
        params: { tenantId: tenant.tenantId, bodyId: /rejectedBodies\/([^/?]+)/.exec(path)?.[1] ?? '' },
        query: Object.fromEntries(new URL(url).searchParams),
        ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
      });
      const answer = await options.handler(request, new InvocationContext({ logHandler: () => undefined }));
      if (name !== 'content') await expectDescribedInit(request, answer);
      return z
        .object({
          status: z.number().default(200),
          jsonBody: z.unknown(),
          body: z.unknown(),
          headers: z.unknown(),
        })
        .partial({ jsonBody: true, body: true, headers: true })
        .parse(answer);
    };
    return { keyId: key.id, call };
  };
  const operator = await callerWith(['records.read', 'tenants.manage']);
  let chunks: readonly Buffer[] = [damaged];
  const publish = (name = 'part') => {
    const content = contentNamed(name, new Date(clock.now().getTime() - hourMs));
    world.feed.publish(content, {
      get chunks() {
        return chunks;
      },
    });
    return content;
  };
  const list = async (query = '') =>
    listSchema.parse((await operator.call('list', `rejectedBodies${query}`)).jsonBody);
  const only = async () => {
    const { value } = await list();
    expect(value).toHaveLength(1);
    return value[0] ?? { bodyId: '', state: '' };
  };
  /** Whether the time of the content blob is one in which records are missing for good, or may be. */
  const isHole = async ({ contentCreated: from }: ContentBlob) => {
    const stored = await tenants.get(tenant.tenantId);
    if (stored === undefined) throw new Error('The tenant is gone.');
    const range = { from, to: new Date(from.getTime() + 1) };
    return missingIn(await readCompleteness(world, stored), range).hasGaps;
  };
  const loseAll = async () => {
    for (let day = 0; day < 10; day++) {
      await world.poll();
      clock.advance(dayMs);
    }
  };
  return {
    ...world,
    ...operator,
    callerWith,
    tenants,
    publish,
    list,
    only,
    isHole,
    loseAll,
    serve: (...served: readonly Buffer[]) => (chunks = served),
  };
}

describe('the list of rejected bodies', () => {
  it('says what is wrong, where, what landed, and when it is fetched next; never the content', async () => {
    const world = await createWorld();
    const { contentId, contentCreated } = world.publish();
    await world.poll();
    const shown = await world.only();
    expect(shown).toMatchObject({
      state: 'retrying',
      contentId,
      contentCreatedDateTime: contentCreated.toISOString(),
      fault: expect.stringContaining('near byte') as unknown,
      faultOffset: `[${texts[0] ?? ''},`.length,
      rejectedParts: 1,
      recordsLanded: 3,
      bytes: damaged.length,
      receivedDateTime: world.clock.now().toISOString(),
      nextAttemptDateTime: new Date(world.clock.now().getTime() + 15 * minuteMs).toISOString(),
    });
    expect(JSON.stringify(shown)).not.toContain('FileAccessed');
    expect((await world.call('get', `rejectedBodies/${shown.bodyId}`)).jsonBody).toEqual(shown);
    expect((await world.call('ingestion', 'ingestion')).jsonBody).toMatchObject({
      rejected: 1,
      rejectedParts: 1,
    });
  });

  it('is paged, newest first, each once', async () => {
    const world = await createWorld();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      world.publish(name);
      world.clock.advance(minuteMs);
    }
    await world.poll();
    const all = (await world.list()).value.map(({ contentId }) => contentId);
    expect(all).toHaveLength(5);
    const paged: unknown[] = [];
    for (let query: string | undefined = '?top=2'; query !== undefined;) {
      const page = await world.list(query);
      paged.push(...page.value.map(({ contentId }) => contentId));
      query = page.nextLink === undefined ? undefined : new URL(page.nextLink).search;
    }
    expect(paged).toEqual(all);
    expect(await world.call('list', 'rejectedBodies?skiptoken=nonsense')).toMatchObject({
      status: 400,
      jsonBody: { error: { code: 'InvalidSkipToken' } },
    });
  });

  it('holds what was lost, until it lands', async () => {
    const world = await createWorld();
    const content = world.publish();
    await world.loseAll();
    expect(await world.only()).toMatchObject({ state: 'lost', recordsLanded: 3, rejectedParts: 1 });
    expect(await world.isHole(content)).toBe(true);
  });

  it('does not hold what another body completed', async () => {
    const world = await createWorld();
    world.publish();
    await world.poll();
    world.serve(...bodyOf(texts));
    world.clock.advance(hourMs);
    await world.poll();
    expect(await world.list()).toEqual({ value: [] });
  });
});

describe('the bytes of a rejected body', () => {
  it('are those that were received, as a file', async () => {
    const world = await createWorld();
    world.publish();
    await world.poll();
    const { bodyId } = await world.only();
    const { status, body, headers } = await world.call('content', `rejectedBodies/${bodyId}/content`);
    expect(status).toBe(200);
    const typed = z.custom<AsyncIterable<Buffer>>().parse(body);
    expect(await buffer(typed)).toEqual(damaged);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="rejected-${bodyId}.bin"`,
    });
  });

  it('are not for a caller who may not read records', async () => {
    const world = await createWorld();
    world.publish();
    await world.poll();
    const { bodyId } = await world.only();
    const manager = await world.callerWith(['tenants.manage']);
    expect((await manager.call('content', `rejectedBodies/${bodyId}/content`)).status).toBe(403);
    const reader = await world.callerWith(['records.read']);
    for (const [name, body] of [
      ['release', {}],
      ['giveUp', { reason: 'No.' }],
    ] as const)
      expect((await reader.call(name, `rejectedBodies/${bodyId}/${name}`, body)).status).toBe(403);
  });

  it.each(['get', 'content', 'release'] as const)('of an unknown ID do not exist: %s', async (name) => {
    const world = await createWorld();
    const id = '11111111-2222-8333-8444-555555555555';
    expect(await world.call(name, `rejectedBodies/${id}`)).toMatchObject({
      status: 404,
      jsonBody: { error: { code: 'RejectedBodyNotFound' } },
    });
  });
});

describe('releasing a rejected body', () => {
  it('fetches it again at once, and its hole closes when it is whole', async () => {
    const world = await createWorld();
    world.publish();
    await world.poll();
    world.serve(...bodyOf(texts));
    await world.poll();
    const { bodyId } = await world.only();
    expect((await world.call('release', `rejectedBodies/${bodyId}/release`)).jsonBody).toMatchObject({
      bodyId,
      state: 'retrying',
    });
    expect(world.queues.pollRequests).toMatchObject([{ tenantId: world.tenant.tenantId }]);
    await world.poll();
    expect(await world.list()).toEqual({ value: [] });
    expect(await world.ledger.open(world.tenant.tenantId)).toEqual([]);
  });

  it('opens what was lost again; its gap remains until it lands, and closes then', async () => {
    const world = await createWorld();
    await world.poll();
    world.clock.advance(2 * hourMs);
    const content = world.publish();
    await world.loseAll();
    const { bodyId } = await world.only();
    await world.call('release', `rejectedBodies/${bodyId}/release`);
    expect(await world.only()).toMatchObject({ bodyId, state: 'retrying' });
    expect(await world.isHole(content)).toBe(true);
    await world.poll();
    expect(await world.only()).toMatchObject({ bodyId, state: 'lost' });
    world.serve(...bodyOf(texts));
    await world.call('release', `rejectedBodies/${bodyId}/release`);
    await world.poll();
    expect(await world.list()).toEqual({ value: [] });
    expect(await world.ledger.gaps(world.tenant.tenantId)).toEqual([]);
    expect(await world.isHole(content)).toBe(false);
  });

  it('lands the records of the kept body if Microsoft no longer serves it and they never landed', async () => {
    const world = await createWorld();
    const content = world.publish();
    const { tenantId } = world.tenant;
    await world.poll();
    // As an earlier release left it: rejected, with the body kept and nothing landed.
    const [row] = await world.ledger.open(tenantId);
    if (row?.receipt === undefined) throw new Error('It is not rejected.');
    const { records, bytes, sha256 } = row.receipt;
    await world.ledger.defer(tenantId, [{ ...row, receipt: { records, bytes, sha256 } }]);
    world.feed.refuse('fetch', content.contentId, gone);
    const before = world.requestedLines().length;
    const { bodyId, recordsLanded } = await world.only();
    expect(recordsLanded).toBe(0);
    await world.call('release', `rejectedBodies/${bodyId}/release`);
    expect(await world.poll()).toMatchObject({ records: 3 });
    expect(world.requestedLines()).toHaveLength(before + 3);
    expect(await world.only()).toMatchObject({ recordsLanded: 3, rejectedParts: 1 });
    await world.loseAll();
    expect(world.requestedLines()).toHaveLength(before + 3);
    expect(await world.only()).toMatchObject({ state: 'lost', recordsLanded: 3 });
  });
});

describe('releasing a rejected body that no poll would fetch', () => {
  it.each([
    ['PendingConsent', 'TenantNotActive'],
    ['Removing', 'TenantBeingRemoved'],
  ] as const)('is refused in state %s', async (state, code) => {
    const world = await createWorld();
    world.publish();
    await world.poll();
    const { bodyId } = await world.only();
    await world.tenants.update(world.tenant.tenantId, { state });
    const answer = await world.call('release', `rejectedBodies/${bodyId}/release`);
    expect(answer).toMatchObject({
      status: 409,
      jsonBody: { error: { code } },
    });
    expect(world.queues.pollRequests).toEqual([]);
  });
});

describe('giving a rejected body up', () => {
  const reason = 'Microsoft confirmed that the element is empty.';

  it('ends its attempts, and keeps it listed with who did it and why, as a hole', async () => {
    const world = await createWorld();
    const content = world.publish();
    const { contentId } = content;
    await world.poll();
    const { bodyId } = await world.only();
    const answer = await world.call('giveUp', `rejectedBodies/${bodyId}/giveUp`, { reason });
    const shown = {
      bodyId,
      state: 'givenUp',
      givenUpBy: world.keyId,
      givenUpReason: reason,
      recordsLanded: 3,
    };
    expect(answer).toMatchObject({ status: 200, jsonBody: shown });
    const fetched = world.feed.fetched.length;
    await world.loseAll();
    expect(world.feed.fetched.slice(fetched)).not.toContain(contentId);
    expect(await world.only()).toMatchObject(shown);
    expect(await world.isHole(content)).toBe(true);
    expect(world.telemetry.of('landing.content.givenUp')).toMatchObject([{ contentId, caller: world.keyId }]);
  });

  it('is possible after it was lost, and can be released again', async () => {
    const world = await createWorld();
    world.publish();
    await world.loseAll();
    const { bodyId } = await world.only();
    await world.call('giveUp', `rejectedBodies/${bodyId}/giveUp`, { reason });
    expect(await world.only()).toMatchObject({ state: 'givenUp' });
    world.serve(...bodyOf(texts));
    await world.call('release', `rejectedBodies/${bodyId}/release`);
    await world.poll();
    expect(await world.list()).toEqual({ value: [] });
  });

  it('needs a reason, and waits for a poll that may just land it', async () => {
    const world = await createWorld();
    world.publish();
    await world.poll();
    const { bodyId } = await world.only();
    const giveUp = (body: unknown) => world.call('giveUp', `rejectedBodies/${bodyId}/giveUp`, body);
    expect((await giveUp({ reason: ' ' })).status).toBe(400);
    await world.tenants.update(world.tenant.tenantId, {
      leasedUntil: new Date(world.clock.now().getTime() + hourMs),
    });
    expect(await giveUp({ reason })).toMatchObject({
      status: 409,
      jsonBody: { error: { code: 'TenantBusy' } },
    });
    expect(await world.only()).toMatchObject({ state: 'retrying' });
    await world.tenants.update(world.tenant.tenantId, { leasedUntil: world.clock.now() });
    expect((await giveUp({ reason })).status).toBe(200);
    expect((await world.tenants.get(world.tenant.tenantId))?.leasedUntil?.getTime()).toBeLessThanOrEqual(
      world.clock.now().getTime(),
    );
  });
});
