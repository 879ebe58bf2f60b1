/** Why a message failed for the last time is kept, without anything of records or of the message. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { UpstreamError } from '../../../shared/errors.ts';
import { RawBlobMissingError } from '../../../shared/index/checked-blob.ts';
import { indexRequestSchema } from '../../../shared/landing/work-queues.ts';
import { newOperationId, operationKinds, wholePartner } from '../../../shared/operations/operation.ts';
import { keepingCause } from '../../../shared/poison/keep-cause.ts';
import { maxDeliveries } from '../../../shared/poison/queue-names.ts';
import { ownerOfSet } from '../../../shared/access/owner.ts';
import { deliveryOf } from '../../../shared/webhooks/webhook-subscription.ts';
import { minuteMs } from '../../support/clock.ts';
import { createFaults, failNext } from '../../support/faults.ts';
import { forgetTenant } from '../../support/tenants.ts';
import { whoseOf } from '../../support/operations.ts';
import { createPoisonWorld, trace } from './poison-world.ts';

const missing = new RawBlobMissingError('The raw blob of landing x does not exist.');

describe('the cause of a message that failed for the last time', () => {
  it('is kept with what was to be done, and shown', async () => {
    const world = await createPoisonWorld();
    const { message, landing } = await world.land();
    await world.fail('raw-blobs', message, missing, 1);
    expect(await world.only()).toEqual({
      poisonMessageId: expect.any(String) as unknown,
      tenantId: world.tenantId,
      queue: 'raw-blobs',
      state: 'waiting',
      errorCode: 'RawBlobMissingError',
      errorMessage: 'The raw blob of landing x does not exist.',
      deliveries: 5,
      failedDateTime: world.clock.now().toISOString(),
      landingId: landing.landingId,
      traceId: trace,
    });
    expect(world.telemetry.of('functions.message.poisoned')).toMatchObject([
      { queue: 'raw-blobs', tenantId: world.tenantId, code: 'RawBlobMissingError', deliveries: 5 },
    ]);
  });

  it('costs nothing before the last delivery', async () => {
    const world = await createPoisonWorld();
    const faults = createFaults();
    const { message } = await world.land();
    for (let deliveries = 1; deliveries < maxDeliveries; deliveries++) {
      const delivery = { queue: 'raw-blobs', message, deliveries } as const;
      await keepingCause(world.depsOf(faults), delivery, () => Promise.resolve());
    }
    expect(faults.steps).toEqual([]);
  });

  it('is one row for the same work, however often it fails', async () => {
    const world = await createPoisonWorld();
    const { message } = await world.land();
    await world.fail('raw-blobs', message, missing);
    world.clock.advance(minuteMs);
    const again = { ...message, traceparent: message.traceparent.replace(trace, trace.replace('a3', 'b4')) };
    await world.fail('raw-blobs', again, new UpstreamError('retry', 'AF50000', 'Busy.'));
    expect(await world.only()).toMatchObject({ errorCode: 'AF50000', errorMessage: 'Busy.' });
  });

  it('is not kept when the last delivery succeeds', async () => {
    const world = await createPoisonWorld();
    const { message } = await world.land();
    const delivery = { queue: 'raw-blobs', message, deliveries: maxDeliveries } as const;
    await keepingCause(world.depsOf(createFaults()), delivery, () => Promise.resolve());
    expect(await world.poisonMessages.list()).toEqual([]);
  });

  it('is that the host stopped, if it was killed during the last delivery', async () => {
    const world = await createPoisonWorld();
    const { message } = await world.land();
    const delivery = { queue: 'raw-blobs', message, deliveries: maxDeliveries } as const;
    const killed = keepingCause(world.depsOf(createFaults()), delivery, () => new Promise(() => undefined));
    expect(killed).toBeInstanceOf(Promise);
    await expect.poll(() => world.poisonMessages.list()).toHaveLength(1);
    // It may still be running.
    expect((await world.list()).value).toEqual([]);
    world.poisonQueues.put('raw-blobs', message);
    expect((await world.list()).value).toEqual([]);
    world.clock.advance(11 * minuteMs);
    expect(await world.only()).toMatchObject({ state: 'waiting', errorCode: 'HostStopped', deliveries: 5 });
  });

  it('quotes nothing of errors whose messages may contain content', async () => {
    const world = await createPoisonWorld();
    const { message } = await world.land();
    const storage = Object.assign(new Error('secret@contoso.example'), {
      code: 'ServerBusy',
      statusCode: 503,
    });
    for (const [error, code] of [
      [new SyntaxError('Unexpected token in secret@contoso.example'), 'SyntaxError'],
      [storage, 'ServerBusy'],
    ] as const) {
      await world.fail('raw-blobs', message, error);
      expect(await world.only()).toMatchObject({ errorCode: code });
      expect(JSON.stringify(await world.poisonMessages.list())).not.toContain('secret');
    }
    expect(await world.only()).toMatchObject({
      errorMessage: expect.stringContaining('status 503') as unknown,
    });
  });

  it('names the members of a malformed message only; callers for all tenants see it, others do not', async () => {
    const world = await createPoisonWorld();
    const malformed = { version: 9, tenantId: 'secret', blobName: 'secret' };
    const { error } = indexRequestSchema.safeParse(malformed);
    await world.fail('raw-blobs', malformed, error ?? new z.ZodError([]));
    expect((await world.list()).value).toEqual([]);
    const all = (await world.list('', 'listAll')).value;
    expect(all).toMatchObject([
      {
        errorCode: 'MalformedMessage',
        errorMessage: expect.stringContaining('version, tenantId, landingId') as unknown,
      },
    ]);
    expect(all[0]).not.toHaveProperty('tenantId');
    expect(JSON.stringify(await world.poisonMessages.list())).not.toContain('secret');
  });

  it('of work for the whole partner names no tenant, and is kept; callers for all tenants see it, others do not', async () => {
    const world = await createPoisonWorld();
    const ids = { tenantId: wholePartner, id: newOperationId(world.clock.now()) };
    await world.fail('operations', { version: 1, kind: 'onboardings', ...ids }, missing);
    expect((await world.list()).value).toEqual([]);
    const [one] = (await world.list('', 'listAll')).value;
    expect(one).toMatchObject({ errorCode: 'RawBlobMissingError', operationKind: 'onboardings' });
    expect(one).not.toHaveProperty('tenantId');
  });

  it.each(operationKinds)('of %s is kept, and names a tenant only if the operation has one', async (kind) => {
    const world = await createPoisonWorld();
    const whose = { tenant: world.tenantId, owner: ownerOfSet('*'), partner: wholePartner }[whoseOf[kind]];
    const id = newOperationId(world.clock.now());
    await world.fail('operations', { version: 1, kind, tenantId: whose, id }, missing);
    const tenantId = whoseOf[kind] === 'tenant' ? world.tenantId : undefined;
    expect(await world.poisonMessages.list()).toMatchObject([{ tenantId, ids: { kind, id } }]);
    const [event] = world.telemetry.of('functions.message.poisoned');
    expect(event).toMatchObject({ queue: 'operations', code: 'RawBlobMissingError' });
    expect(event?.['tenantId']).toBe(tenantId);
    expect((await world.list('', 'listAll')).value).toMatchObject([{ operationKind: kind }]);
    expect((await world.list()).value).toHaveLength(tenantId === undefined ? 0 : 1);
  });

  it('is not kept for a tenant that was removed', async () => {
    const world = await createPoisonWorld();
    const { message } = await world.land();
    await forgetTenant(world.tenants, world.tenantId);
    await world.fail('raw-blobs', message, missing);
    expect(await world.poisonMessages.list()).toEqual([]);
    // The queue still has it.
    expect((await world.list('', 'listAll')).value).toMatchObject([{ tenantId: world.tenantId }]);
  });

  it('is that of no tenant if it is about a subscription to several', async () => {
    const world = await createPoisonWorld();
    const { owner, subscriptionId } = {
      owner: ownerOfSet('*'),
      subscriptionId: '0a4b7c0e-3d0f-4b7e-9d55-6a1f0c2b9e18',
    };
    const message = deliveryOf({ owner, subscriptionId, boundTo: '*' });
    await world.fail('webhook-deliveries', message, new UpstreamError('retry', 'AF50000', 'Busy.'));
    expect((await world.list('', 'listAll')).value).toMatchObject([{ subscriptionId, errorCode: 'AF50000' }]);
    expect((await world.list()).value).toEqual([]);
  });

  it('does not stop the work when it cannot be recorded', async () => {
    const world = await createPoisonWorld();
    const { message } = await world.land();
    const delivery = { queue: 'raw-blobs', message, deliveries: maxDeliveries } as const;
    for (const step of ['poisonMessages.put', 'poisonMessages.get']) {
      let done = 0;
      const deps = world.depsOf(failNext(step, new Error('Storage is away.')));
      await keepingCause(deps, delivery, async () => {
        done += 1;
        await Promise.resolve();
      });
      expect(done).toBe(1);
    }
    expect(world.telemetry.of('functions.cause.unrecorded')).toHaveLength(2);
  });
});
