import { describe, expect, it } from 'vitest';
import { EnablementInProgressError, startEnablement } from '../../../shared/enablement/start-enablement.ts';
import { hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { createEnablementWorld, requestOf } from '../../support/enablement-world.ts';
import { Crash, endingAt } from '../../support/life.ts';

const refusalOf = async (attempt: Promise<unknown>): Promise<EnablementInProgressError> => {
  const error: unknown = await attempt.catch((reason: unknown) => reason);
  if (!(error instanceof EnablementInProgressError)) throw new Error('It was not refused.');
  return error;
};

describe('starting', () => {
  it('stores it and sends the message that begins it', async () => {
    const world = createEnablementWorld();
    const { enablementId, tenantId } = await world.start();
    expect((await world.read(enablementId)).status).toBe('NotStarted');
    expect(world.queues.waiting()).toEqual([
      { message: { version: 1, tenantId, enablementId }, due: world.clock.now() },
    ]);
  });

  it('is refused while one is running, with its id, and is possible when that has finished', async () => {
    const world = createEnablementWorld();
    const { enablementId } = await world.start();
    const refused = await refusalOf(world.start());
    expect(refused).toMatchObject({ status: 409, code: 'EnablementInProgress', enablementId });
    expect(refused.message).toContain(enablementId);
    await world.drain();
    await world.start();
    expect(world.telemetry.of('enablement.operation.started')).toHaveLength(2);
  });

  it('twenty times at once starts one', async () => {
    const world = createEnablementWorld();
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => world.start()));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(world.queues.waiting()).toHaveLength(1);
  });
});

describe('one whose message was lost', () => {
  it.each(['endBefore', 'endAfter'] as const)(
    'in a crash (%s its queueing) goes on when it is asked for again',
    async (fate) => {
      const world = createEnablementWorld();
      const deps = world.depsOf(endingAt(1, fate));
      await expect(startEnablement(deps, world.tenant.tenantId, requestOf())).rejects.toThrow(Crash);
      world.clock.advance(2 * minuteMs);
      const { enablementId } = await refusalOf(world.start());
      await world.drain();
      expect((await world.read(enablementId)).status).toBe('Succeeded');
    },
  );

  it('as poison goes on, too, once nothing has happened for an hour', async () => {
    const world = createEnablementWorld();
    world.exchange.organization.unifiedAuditLog = false;
    world.exchange.delays.unifiedAuditLogMs = hourMs;
    const { enablementId } = await world.start();
    await world.deliver();
    world.queues.take();
    await refusalOf(world.start());
    expect(world.queues.waiting()).toEqual([]);
    world.clock.advance(hourMs);
    await refusalOf(world.start());
    await world.drain();
    expect((await world.read(enablementId)).status).toBe('Succeeded');
  });

  it('is not what it looks like in the seconds after the start', async () => {
    const world = createEnablementWorld();
    await world.start();
    world.clock.advance(5 * secondMs);
    await refusalOf(world.start());
    expect(world.queues.waiting()).toHaveLength(1);
  });
});
