import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OperationChecker } from '../../../shared/operations/monitor-operations.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { manyKind, oneKind } from '../../support/operations.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { budgetMs, createOperationWorld, type InventedWork, type OperationWorld } from './operation-world.ts';

const killed: InventedWork = () => Promise.reject(new Error('Killed.'));

/** Counts to an end that no single run reaches. */
const counting =
  (end: number): InventedWork =>
  async (run) => {
    const { done } = run.operation().state;
    if (done >= end) return { status: 'Succeeded', state: { done } };
    await run.save({ state: { done: done + 1 } });
    return { waitMs: 1000 };
  };

describe('an operation', () => {
  it('is created with a message, and reports its start and its end', async () => {
    const world = createOperationWorld(manyKind);
    const one = await world.start();
    expect(one).toMatchObject({ status: 'NotStarted', tenantId: fabrikamId });
    const { tenantId, id } = one;
    expect(world.queues.messages).toEqual([
      { message: { version: 1, kind: 'exports', tenantId, id }, delayMs: 0 },
    ]);
    world.clock.advance(minuteMs);
    await world.deliver();
    expect(world.queues.messages).toEqual([]);
    expect(await world.read(one)).toMatchObject({
      status: 'Succeeded',
      completedDateTime: world.clock.now(),
    });
    const named = { kind: 'exports', tenantId, operationId: id };
    expect(world.events('operations.operation.started')).toEqual([named]);
    expect(world.events('operations.operation.finished')).toEqual([
      { ...named, status: 'Succeeded', runs: 1, durationMs: minuteMs },
    ]);
  });

  it('continues from message to message, each with the number of the run that sent it', async () => {
    const world = createOperationWorld(manyKind);
    const one = await world.start();
    const sent: unknown[] = [];
    while (world.queues.messages.length > 0) {
      await world.deliver(counting(3));
      sent.push(...world.queues.messages.map(({ message, delayMs }) => [message.after, delayMs]));
    }
    expect(sent).toEqual([
      [1, 1000],
      [2, 1000],
      [3, 1000],
    ]);
    expect(await world.read(one)).toMatchObject({ status: 'Succeeded', state: { done: 3 } });
  });

  it('works within the budget of one message', async () => {
    const world = createOperationWorld(manyKind);
    await world.start();
    const ends: Date[] = [];
    await world.deliver(async (_run, { budget }) => {
      ends.push(budget.endsAt);
      return await Promise.resolve({ waitMs: 0 });
    });
    expect(ends).toEqual([new Date(world.clock.now().getTime() + budgetMs)]);
  });

  it('whose run fails throws, so that its message is redelivered', async () => {
    const world = createOperationWorld(manyKind);
    const one = await world.start();
    await expect(world.deliver(killed)).rejects.toThrow('Killed.');
    expect(world.queues.messages).toHaveLength(1);
    await world.deliver();
    expect((await world.read(one))?.status).toBe('Succeeded');
  });

  it('discards its files unless it succeeds', async () => {
    const world = createOperationWorld(manyKind);
    await world.start();
    await world.deliver();
    expect(world.discarded).toEqual([]);
    const failing = await world.start();
    await world.deliver(async () => await Promise.resolve({ status: 'Failed', state: { done: 0 } }));
    const canceled = await world.start();
    await world.cancel(canceled);
    expect(world.discarded).toEqual([failing.id, canceled.id]);
  });

  it('of a removed tenant says why it was canceled', async () => {
    const world = createOperationWorld(manyKind);
    const one = await world.start();
    await world.removeTenant();
    await world.deliver(killed);
    expect(await world.read(one)).toMatchObject({
      ...{ status: 'Canceled', errorCode: 'TenantRemoved', state: { closedAs: 'Canceled' } },
    });
  });

  it('of an exclusive kind is refused while another is unfinished, with its id', async () => {
    const world = createOperationWorld(oneKind);
    const { id } = await world.start();
    await expect(world.start()).rejects.toMatchObject({
      ...{ status: 409, code: 'OneInProgress', operationId: id },
    });
    await world.deliver();
    await world.start();
  });
});

describe('a run that was superseded', () => {
  it('ends quietly, sends no message, and is reported', async () => {
    const world = createOperationWorld(manyKind);
    const one = await world.start();
    await world.deliver(async (run) => {
      await world.cancel(one);
      await run.save({ state: { done: 1 } });
      return { waitMs: 0 };
    });
    expect(world.queues.messages).toEqual([]);
    expect(await world.read(one)).toMatchObject({ status: 'Canceled', state: { done: 0 } });
    expect(world.events('operations.run.superseded')).toHaveLength(1);
    expect(world.events('operations.operation.finished')).toMatchObject([{ status: 'Canceled' }]);
  });
});

describe('a message whose host is killed repeatedly', () => {
  /** Delivers as the host does: an unacknowledged message is redelivered, and after five times it is poison. */
  async function deliverOften(world: OperationWorld, work: InventedWork): Promise<number> {
    let most = 0;
    for (let rounds = 0; rounds < 300 && world.queues.messages.length > 0; rounds++) {
      for (let deliveries = 1; ; deliveries++) {
        most = Math.max(most, deliveries);
        const isDone = await world.deliver(work, deliveries).then(
          () => true,
          () => false,
        );
        if (isDone) break;
      }
    }
    return most;
  }

  it('is sent again before it is poison, and fails the operation after 50 runs without progress', async () => {
    const world = createOperationWorld(manyKind);
    const one = await world.start();
    expect(await deliverOften(world, killed)).toBeLessThan(5);
    expect(await world.read(one)).toMatchObject({
      ...{ status: 'Failed', errorCode: 'ManyStalled', run: 51, state: { closedAs: 'Failed' } },
    });
    expect(world.discarded).toEqual([one.id]);
  });

  it('fails although each run proves that it is the newest one: that is not progress', async () => {
    const world = createOperationWorld(manyKind);
    const one = await world.start();
    await deliverOften(world, async (run) => {
      await run.save({});
      throw new Error('Killed.');
    });
    expect(await world.read(one)).toMatchObject({ status: 'Failed', errorCode: 'ManyStalled', run: 51 });
  });

  it('ends when progress is saved now and then', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 49 }), async (vain) => {
        const world = createOperationWorld(manyKind);
        const one = await world.start();
        let runs = 0;
        const flaky: InventedWork = async (run, held) => {
          if (runs++ % (vain + 1) !== vain) throw new Error('Killed.');
          return await counting(4)(run, held);
        };
        await deliverOften(world, flaky);
        expect(await world.read(one)).toMatchObject({ status: 'Succeeded', state: { done: 4 } });
      }),
      { numRuns: 20 },
    );
  });

  it('also ends when copies of its message exist', async () => {
    for (const copies of [2, 3, 4, 9]) {
      const world = createOperationWorld(manyKind);
      const one = await world.start();
      const [first] = world.queues.messages;
      for (let copy = 0; copy < copies && first !== undefined; copy++) world.queues.messages.push(first);
      let runs = 0;
      await deliverOften(world, async (run, held) => {
        if (runs++ % 3 > 0) throw new Error('Killed.');
        return await counting(5)(run, held);
      });
      expect((await world.read(one))?.status).toBe('Succeeded');
    }
  });

  it('does not count runs that wait', async () => {
    const world = createOperationWorld(manyKind);
    const one = await world.start();
    for (let day = 0; day < 200; day++)
      await world.deliver(async () => await Promise.resolve({ waitMs: 1000 }));
    expect((await world.read(one))?.status).toBe('Running');
  });
});

describe('the monitor', () => {
  it('resends the message of an operation that never ran, or made no progress', async () => {
    const world = createOperationWorld({ ...manyKind, keepMs: 24 * hourMs });
    await world.start();
    const lost = () => world.queues.messages.splice(0);
    lost();
    await world.monitor();
    expect(world.queues.messages).toEqual([]);
    world.clock.advance(5 * minuteMs);
    await world.monitor();
    expect(world.queues.messages).toHaveLength(1);
    await world.deliver(counting(3));
    lost();
    world.clock.advance(hourMs);
    await world.monitor();
    expect(world.queues.messages).toEqual([]);
    world.clock.advance(2 * hourMs);
    await world.monitor();
    expect(world.queues.messages).toHaveLength(1);
  });

  it('ignores an operation that waits for a day', async () => {
    const world = createOperationWorld(oneKind);
    await world.start();
    await world.deliver(async () => await Promise.resolve({ waitMs: 24 * hourMs }));
    for (let hour = 0; hour < 25; hour++) {
      await world.monitor();
      expect(world.queues.messages).toHaveLength(1);
      world.clock.advance(hourMs);
    }
    world.clock.advance(2 * hourMs);
    await world.monitor();
    expect(world.queues.messages).toHaveLength(2);
  });

  it('deletes expired operations with their files, and reports it', async () => {
    const world = createOperationWorld(manyKind);
    const one = await world.start();
    await world.deliver();
    world.clock.advance(minuteMs);
    await world.monitor();
    expect(await world.read(one)).toBeUndefined();
    expect(world.discarded).toEqual([one.id]);
    expect(world.events('operations.operation.expired')).toHaveLength(1);
  });

  it('checks the others when one check fails, and then fails', async () => {
    const world = createOperationWorld(manyKind);
    const ids = [await world.start(), await world.start(), await world.start()].map(({ id }) => id);
    world.clock.advance(5 * minuteMs);
    const checked: string[] = [];
    const check: OperationChecker['check'] = async ({ id }) => {
      checked.push(id);
      await (id === ids[0] ? Promise.reject(new Error('Its file cannot be deleted.')) : Promise.resolve());
    };
    await expect(world.monitor({ check })).rejects.toThrow();
    expect(checked).toEqual(ids);
  });

  it('does not disturb a run in progress', async () => {
    const world = createOperationWorld({ ...manyKind, keepMs: 24 * hourMs });
    const one = await world.start();
    await world.deliver(async (run) => {
      world.clock.advance(30 * minuteMs);
      await run.save({ state: { done: 1 } });
      await world.monitor();
      await run.save({ state: { done: 2 } });
      return { status: 'Succeeded', state: { done: 3 } };
    });
    expect(await world.read(one)).toMatchObject({ status: 'Succeeded', state: { done: 3 } });
  });
});
