/** While a legal hold is in force, nothing of the tenant is deleted. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { holdIn, type LegalHoldEvent } from '../../../shared/offboarding/legal-hold.ts';
import { messageFor } from '../../../shared/operations/operation.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { failNext } from '../../support/faults.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import { createHttpWorld, errorOf } from './http-world.ts';
import { activeFabrikam } from './onboarding-world.ts';
import { cancel, collected, createRemovalWorld, nothing, read, shown, start } from './removal-world.ts';

const reason = { reason: 'Claim 17 of Contoso' };
const settled = { reason: 'Claim 17 is settled' };

describe('a legal hold over HTTP', () => {
  it('is in force until it is lifted; who did both and why is kept, also after the tenant is gone', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    expect(await world.hold()).toMatchObject({ status: 200, jsonBody: { isHeld: false, history: [] } });
    expect((await world.get()).jsonBody).not.toMatchObject({ legalHold: expect.anything() as unknown });
    const placedDateTime = world.clock.now().toISOString();
    const held = { placedDateTime, placedBy: world.keyId, ...reason };
    expect(await world.placeHold(reason)).toMatchObject({ status: 200, jsonBody: { isHeld: true, ...held } });
    expect((await world.get()).jsonBody).toMatchObject({ legalHold: held });
    world.clock.advance(hourMs);
    await world.liftHold(settled);
    expect((await world.get()).jsonBody).toMatchObject({ legalHold: undefined });
    await world.remove('?purge=true');
    await world.drainRemovals();
    expect(await world.tenants.get(fabrikamId)).toBeUndefined();
    expect((await world.hold()).jsonBody).toMatchObject({
      isHeld: false,
      history: [
        { action: 'lifted', by: world.keyId, ...settled },
        { action: 'placed', by: world.keyId, atDateTime: placedDateTime, ...reason },
      ],
    });
  });

  it('refuses a purge and says who placed it and why; a removal that keeps the data is not refused', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    await world.placeHold(reason);
    const refused = await world.remove('?purge=true');
    expect(refused).toMatchObject({ status: 409, jsonBody: errorOf('LegalHold') });
    const { error } = z.object({ error: z.object({ message: z.string() }) }).parse(refused.jsonBody);
    for (const part of [world.keyId, reason.reason, world.clock.now().toISOString()])
      expect(error.message).toContain(part);
    expect((await world.stored()).state).toBe('Active');
    expect((await world.remove()).status).toBe(202);
    await world.drainRemovals();
    // The data is still there, and still held.
    expect((await world.remove('?purge=true')).status).toBe(409);
  });

  it('changes nothing when it is repeated, and keeps a new reason', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    for (let time = 0; time < 2; time++) await world.placeHold(reason);
    expect(await world.legalHolds.events(fabrikamId)).toHaveLength(1);
    const other = { reason: 'Claim 18' };
    expect((await world.placeHold(other)).jsonBody).toMatchObject({ isHeld: true, ...other });
    await world.liftHold(settled);
    expect(await world.liftHold(settled)).toMatchObject({
      status: 404,
      jsonBody: errorOf('LegalHoldNotFound'),
    });
  });

  it('is for one tenant, needs a reason, and is lifted by those who may purge', async () => {
    const world = await createHttpWorld([activeFabrikam()]);
    for (const body of [{}, { reason: ' ' }]) expect((await world.placeHold(body)).status).toBe(400);
    expect((await world.placeHold(reason, 'nonsense')).status).toBe(400);
    await world.placeHold(reason, adatumId);
    expect((await world.hold()).jsonBody).toMatchObject({ isHeld: false });
    const managing = await createHttpWorld([activeFabrikam()], {
      scopes: ['records.read', 'tenants.manage'],
    });
    expect((await managing.placeHold(reason)).status).toBe(200);
    expect((await managing.liftHold(settled)).status).toBe(403);
    const bound = await createHttpWorld([activeFabrikam()], { boundTo: fabrikamId });
    expect((await bound.placeHold(reason)).status).toBe(403);
    expect((await bound.hold()).status).toBe(403);
  });
});

describe('a purge', () => {
  const hold = (world: ReturnType<typeof createRemovalWorld>) =>
    world.legalHolds.append(fabrikamId, { kind: 'placed', at: world.clock.now(), by: 'key-9', ...reason });
  const lift = (world: ReturnType<typeof createRemovalWorld>, lifts: Date) =>
    world.legalHolds.append(fabrikamId, {
      kind: 'lifted',
      at: world.clock.now(),
      by: 'key-9',
      ...settled,
      lifts,
    });

  it('that was requested before the hold deletes and stops nothing until it is lifted', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    await hold(world);
    const heldAt = world.clock.now();
    const message = messageFor(world.removals.kind, removal);
    for (let time = 0; time < 3; time++) await world.runRemoval(message);
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
    expect(
      await world.feed.listSubscriptions(activeFabrikam(), world.clock.startBudget(minuteMs)),
    ).toMatchObject([{ enabled: true }, { enabled: true }]);
    expect(await shown(world, removal)).toMatchObject({ status: 'Running', errorCode: 'LegalHold' });
    world.clock.advance(minuteMs);
    await lift(world, heldAt);
    await world.drainRemovals();
    const done = await shown(world, removal);
    expect(done).toMatchObject({ status: 'Succeeded', deleted: collected });
    expect(done.errorCode).toBeUndefined();
    expect(world.tenantData.left(fabrikamId)).toEqual(nothing);
  });

  it('can be canceled while it is held', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    await hold(world);
    await world.runRemoval(messageFor(world.removals.kind, removal));
    await cancel(world, removal);
    await world.runRemoval(messageFor(world.removals.kind, removal));
    expect((await read(world, removal)).status).toBe('Canceled');
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
  });

  it('deletes nothing while holds cannot be read', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    const away = failNext('legalHolds.events', new Error('Storage is away.'));
    const message = messageFor(world.removals.kind, removal);
    await expect(world.runRemoval(message, away)).rejects.toThrow('Storage is away.');
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
  });

  it('of another tenant is not affected', async () => {
    const world = createRemovalWorld();
    await world.legalHolds.append(adatumId, {
      kind: 'placed',
      at: world.clock.now(),
      by: 'key-9',
      ...reason,
    });
    const removal = await start(world);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded' });
  });
});

describe('a hold that is placed while an earlier one is lifted', () => {
  it('stays in force, whichever is written first', () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 9, minute));
    const first: LegalHoldEvent = { kind: 'placed', at: at(1), by: 'a', reason: 'first' };
    const second: LegalHoldEvent = { ...first, at: at(2), reason: 'second' };
    const lifted: LegalHoldEvent = { kind: 'lifted', at: at(3), by: 'b', reason: 'done', lifts: first.at };
    expect(holdIn([lifted, second, first])).toEqual(second);
    expect(holdIn([lifted, first])).toBeUndefined();
    expect(holdIn([{ ...lifted, at: at(4), lifts: second.at }, lifted, second, first])).toBeUndefined();
    expect(holdIn([])).toBeUndefined();
  });
});
