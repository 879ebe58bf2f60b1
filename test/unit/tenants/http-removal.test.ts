/** Offboarding tenants over HTTP. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { hourMs } from '../../support/clock.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { createHttpWorld, errorOf, root } from './http-world.ts';
import { activeFabrikam } from './onboarding-world.ts';

const unknownId = '11111111-2222-4333-8444-555555555555';

describe('DELETE /tenants/{tenantId}', () => {
  const idIn = ({ jsonBody }: { readonly jsonBody?: unknown }) =>
    z.object({ id: z.string() }).parse(jsonBody).id;

  it('is 202 with both addresses; the result exists when the removal has ended', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    world.tenantData.put(fabrikamId, { blobs: 2, tables: 1, rows: 3 });
    const started = await world.remove('?purge=true');
    const id = idIn(started);
    expect(started).toMatchObject({
      ...{ status: 202, jsonBody: { tenantId: fabrikamId, purge: true, status: 'NotStarted' } },
      headers: {
        ...{ location: `${root}/removals/${id}/result`, 'retry-after': '10' },
        'operation-location': `${root}/removals/${id}`,
      },
    });
    expect(await world.removal(id)).toMatchObject({ status: 200, jsonBody: { status: 'NotStarted' } });
    expect(await world.removalResult(id)).toMatchObject({
      ...{ status: 202, headers: { location: `${root}/removals/${id}/result`, 'retry-after': '10' } },
    });
    await world.drainRemovals();
    const done = { status: 'Succeeded', deleted: { blobs: 2, tables: 1, rows: 3 } };
    expect(await world.removal(id)).toMatchObject({ status: 200, jsonBody: done });
    expect(await world.removalResult(id)).toMatchObject({ status: 200, jsonBody: done });
  });

  it('a purge ends with a certificate: what was deleted from where, who requested it, and what remains', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    world.tenantData.put(fabrikamId, { blobs: 2, tables: 1, rows: 3 });
    const requested = world.clock.now().toISOString();
    const { jsonBody } = await world.remove('?purge=true');
    const { id, createdBy } = z.object({ id: z.string(), createdBy: z.string() }).parse(jsonBody);
    expect((await world.removalResult(id)).jsonBody).toMatchObject({ certificate: undefined });
    await world.drainRemovals();
    const evidence = ['removal', 'accessLog', 'legalHolds', 'checkpoints'];
    const remaining = [...evidence, 'shortLived', 'telemetry', 'softDeleted'];
    expect((await world.removalResult(id)).jsonBody).toMatchObject({
      certificate: {
        ...{ tenantId: fabrikamId, requestedBy: createdBy, requestedDateTime: requested },
        ...{ beganDateTime: requested, endedDateTime: world.clock.now().toISOString() },
        deleted: [
          { kind: 'blobs', place: 'raw', count: 2 },
          { kind: 'tables', place: 'index', count: 1 },
          { kind: 'rows', place: 'Ledger', count: 3 },
        ],
        remaining: remaining.map((what) => ({ what, why: expect.any(String) as unknown })),
      },
    });
  });

  it('without a purge has no certificate', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    const id = idIn(await world.remove(''));
    await world.drainRemovals();
    const { status, jsonBody } = await world.removalResult(id);
    expect({ status, jsonBody }).toMatchObject({ status: 200, jsonBody: { certificate: undefined } });
  });

  it.each([
    ['', false],
    ['?purge=false', false],
    ['?purge=TRUE', true],
  ])('with %j purges: %s', async (query, purge) => {
    const world = await createHttpWorld([activeFabrikam()]);
    expect((await world.remove(query)).jsonBody).toMatchObject({ purge });
  });

  it.each(['?purge=yes', '?purge=', '?purge=1'])('with %s is 400, and starts nothing', async (query) => {
    const world = await createHttpWorld([activeFabrikam()]);
    expect(await world.remove(query)).toMatchObject({
      ...{ status: 400, jsonBody: errorOf('InvalidParameter', 'purge') },
    });
    expect((await world.stored()).state).toBe('Active');
  });

  it('answers 400 for an invalid id, 204 for a tenant that is gone, and can still delete its data', async () => {
    const world = await createHttpWorld();
    expect(await world.remove('', 'fabrikam')).toMatchObject({
      ...{ status: 400, jsonBody: errorOf('InvalidParameter', 'tenantId') },
    });
    expect((await world.remove()).status).toBe(204);
    expect((await world.remove('?purge=true', fabrikamId.toUpperCase())).jsonBody).toMatchObject({
      ...{ tenantId: fabrikamId, purge: true },
    });
  });

  it('again returns the same removal', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    expect(idIn(await world.remove())).toBe(idIn(await world.remove()));
  });

  it('is refused to callers who may see one tenant only, even for that tenant, as is its removal', async () => {
    const world = await createHttpWorld([activeFabrikam()], { boundTo: fabrikamId });
    expect((await world.remove()).status).toBe(403);
    expect((await world.stored()).state).toBe('Active');
    const { id } = await startRemoval(world.depsOf(), {
      tenantId: fabrikamId,
      purge: false,
      createdBy: 'key-1',
    });
    expect((await world.removal(id)).status).toBe(403);
    expect((await world.removalResult(id)).status).toBe(403);
    expect((await world.cancelRemoval(id)).status).toBe(403);
    await world.drainRemovals();
    expect(await world.removals.get({ id })).toMatchObject({ status: 'Succeeded' });
  });

  it('with a body is 400, and nothing begins: what was sent there would be ignored', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    expect(await world.remove('', fabrikamId, { purge: true })).toMatchObject({
      status: 400,
      jsonBody: errorOf('InvalidParameter', 'purge'),
    });
    expect((await world.stored()).state).toBe('Active');
    expect((await world.remove('', fabrikamId, {})).status).toBe(202);
  });

  it('can be canceled: 202 while it stops, and then there is no result', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    const id = idIn(await world.remove('?purge=true'));
    expect(await world.cancelRemoval(id)).toMatchObject({ status: 202, jsonBody: { id } });
    await world.drainRemovals();
    expect(await world.removal(id)).toMatchObject({ status: 200, jsonBody: { status: 'Canceled' } });
    expect(await world.removalResult(id)).toMatchObject({
      status: 422,
      headers: { 'x-ms-error-code': 'RemovalCanceled' },
      jsonBody: { error: { code: 'RemovalCanceled' } },
    });
    expect(await world.cancelRemoval(id)).toMatchObject({ status: 202, jsonBody: { status: 'Canceled' } });
  });

  it('with purge needs a scope of its own; keys that only manage tenants still remove them', async () => {
    const scopes = ['records.read', 'tenants.manage', 'keys.manage'] as const;
    const world = await createHttpWorld([activeFabrikam()], { scopes });
    const refused = await world.remove('?purge=true');
    expect(refused).toMatchObject({ status: 403, jsonBody: errorOf('Forbidden') });
    expect(JSON.stringify(refused.jsonBody)).toContain('tenants.purge');
    expect((await world.stored()).state).toBe('Active');
    expect((await world.remove()).status).toBe(202);
  });

  it('with purge says who asked and when it begins; until then nothing is stopped or deleted', async () => {
    const world = await createHttpWorld([activeFabrikam()], { purgeDelayMs: 72 * hourMs });
    world.tenantData.put(fabrikamId, { blobs: 2, tables: 1, rows: 3 });
    const running = await world.feed.listSubscriptions(activeFabrikam());
    const begins = new Date(world.clock.now().getTime() + 72 * hourMs);
    const started = await world.remove('?purge=true');
    const expected = { createdBy: world.keyId, effectiveDateTime: begins.toISOString() };
    expect(started.jsonBody).toMatchObject(expected);
    expect(world.telemetry.of('tenants.purge.requested')).toMatchObject([
      { tenantId: fabrikamId, caller: world.keyId, effectiveDateTime: begins.toISOString() },
    ]);
    for (const { message } of world.queues.operations.slice(0, 1)) await world.runRemoval(message);
    expect(world.queues.operations.at(-1)?.delayMs).toBe(72 * hourMs);
    expect((await world.removal(idIn(started))).jsonBody).toMatchObject({ ...expected, status: 'Running' });
    expect(world.tenantData.left(fabrikamId)).toEqual({ blobs: 2, tables: 1, rows: 3 });
    expect(await world.feed.listSubscriptions(activeFabrikam())).toEqual(running);
    await world.drainRemovals();
    expect((await world.removal(idIn(started))).jsonBody).toMatchObject({ ...expected, status: 'Succeeded' });
    expect(world.tenantData.left(fabrikamId)).toEqual({ blobs: 0, tables: 0, rows: 0 });
  });

  it('with purge can be called back before it begins, without any loss', async () => {
    const world = await createHttpWorld([activeFabrikam()], { purgeDelayMs: 72 * hourMs });
    world.tenantData.put(fabrikamId, { blobs: 2, tables: 1, rows: 3 });
    const before = await world.feed.listSubscriptions(activeFabrikam());
    const id = idIn(await world.remove('?purge=true'));
    world.clock.advance(71 * hourMs);
    expect((await world.cancelRemoval(id)).status).toBe(202);
    await world.drainRemovals();
    expect((await world.removal(id)).jsonBody).toMatchObject({
      status: 'Canceled',
      deleted: { blobs: 0, tables: 0, rows: 0 },
    });
    expect(world.tenantData.left(fabrikamId)).toEqual({ blobs: 2, tables: 1, rows: 3 });
    expect(await world.feed.listSubscriptions(activeFabrikam())).toEqual(before);
    expect((await world.stored()).state).not.toBe('Removing');
    expect(world.queues.tenantChecks).toHaveLength(1);
  });

  it('is shown with its tenant while it is in progress: its ID, who asked, and when it begins', async () => {
    const world = await createHttpWorld([activeFabrikam()], { purgeDelayMs: 72 * hourMs });
    const createdDateTime = world.clock.now().toISOString();
    const effectiveDateTime = new Date(world.clock.now().getTime() + 72 * hourMs).toISOString();
    expect((await world.get()).jsonBody).toMatchObject({ removalId: undefined, removal: undefined });
    const id = idIn(await world.remove('?purge=true'));
    const removal = {
      id,
      purge: true,
      status: 'NotStarted',
      createdBy: world.keyId,
      createdDateTime,
      effectiveDateTime,
    };
    expect((await world.get()).jsonBody).toMatchObject({ state: 'Removing', removalId: id, removal });
    expect((await world.list()).jsonBody).toMatchObject({ value: [{ state: 'Removing', removalId: id }] });
    await world.cancelRemoval(id);
    await world.drainRemovals();
    expect((await world.get()).jsonBody).toMatchObject({ removalId: undefined, removal: undefined });
  });

  it('without purge is not delayed', async () => {
    const world = await createHttpWorld([activeFabrikam()], { purgeDelayMs: 72 * hourMs });
    const id = idIn(await world.remove());
    await world.drainRemovals();
    expect((await world.removal(id)).jsonBody).toMatchObject({ status: 'Succeeded' });
  });

  it('has no removal for ids that were never assigned', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    for (const id of [unknownId, 'x']) {
      expect(await world.removal(id)).toMatchObject({ status: 404, jsonBody: errorOf('RemovalNotFound') });
      expect((await world.removalResult(id)).status).toBe(404);
      expect((await world.cancelRemoval(id)).status).toBe(404);
    }
  });
});
