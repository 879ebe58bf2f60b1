/** A batch comes to the same whatever happens on the way: one operation for each tenant, and never two. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { workingAtOnce } from '../../../shared/batches/batch-work.ts';
import { childIdOf, membersCodec, memberStatuses, type Member } from '../../../shared/batches/member.ts';
import { newOperationId, timeOfOperationId } from '../../../shared/operations/operation.ts';
import { startOperation } from '../../../shared/operations/start-operation.ts';
import { crashAt, createFaults } from '../../support/faults.ts';
import { dayMs, minuteMs } from '../../support/clock.ts';
import { forgetTenant } from '../../support/tenants.ts';
import { createBatchWorld, type BatchWorld } from './batch-world.ts';

/** For each tenant the one child, and how it ended. */
function childrenOf({ children }: BatchWorld): readonly (readonly [string, string])[] {
  return children
    .all()
    .map(({ tenantId, status }) => [tenantId, status] as const)
    .sort();
}

const succeededIn = (world: BatchWorld) => world.ids.map((tenantId) => [tenantId, 'Succeeded'] as const);

describe('a batch', () => {
  it('starts one operation in each tenant and ends when all have ended', async () => {
    const world = createBatchWorld({ tenants: 25 });
    await world.start();
    await world.drain();
    expect(world.read().status).toBe('Succeeded');
    expect(new Set(world.statuses())).toEqual(new Set(['Succeeded']));
    expect(childrenOf(world)).toEqual(succeededIn(world));
  });

  it('has only a few of them at work at once', async () => {
    const world = createBatchWorld({ tenants: 45, work: 3 });
    await world.start();
    await world.drain();
    expect(world.working.most).toBe(workingAtOnce);
    expect(childrenOf(world)).toEqual(succeededIn(world));
  });

  it('without tenants ends at once', async () => {
    const world = createBatchWorld({ tenants: 0 });
    await world.start();
    await world.drain();
    expect(world.read()).toMatchObject({ status: 'Succeeded', state: { members: [] } });
  });

  it('waits for another operation in a tenant to end, and then starts its own', async () => {
    const world = createBatchWorld({ tenants: 3 });
    const [tenantId = ''] = world.ids;
    const wanted = { tenantId, createdBy: 'key-2', request: { note: 'other' }, state: { done: -5 } };
    const other = await startOperation(world.depsOf(), world.children, wanted);
    await world.start();
    await world.drain();
    const own = world.children.all().filter((one) => one.tenantId === tenantId);
    expect(own.map(({ status }) => status)).toEqual(['Succeeded', 'Succeeded']);
    expect(own[0]?.id).toBe(other.id);
    expect(world.statuses()).toEqual(['Succeeded', 'Succeeded', 'Succeeded']);
  });

  it('goes through the others when a tenant is removed', async () => {
    const world = createBatchWorld({ tenants: 3 });
    await world.start();
    await forgetTenant(world.tenants, world.ids[1] ?? '');
    await world.drain();
    expect(world.statuses()).toEqual(['Succeeded', 'Removed', 'Succeeded']);
    expect(world.read().status).toBe('Succeeded');
  });
});

describe('a batch whose creator may not act in a tenant anymore', () => {
  it('starts nothing there, and goes through the others', async () => {
    const world = createBatchWorld({ tenants: 3 });
    await world.start();
    world.revoked.add(world.ids[1] ?? '');
    await world.drain();
    expect(world.statuses()).toEqual(['Succeeded', 'NotAllowed', 'Succeeded']);
    expect(world.children.all().map(({ tenantId }) => tenantId)).not.toContain(world.ids[1]);
  });

  it('follows what it has begun to its end, and starts nothing else', async () => {
    const world = createBatchWorld({ tenants: workingAtOnce + 5, work: 3 });
    await world.start();
    await world.deliver();
    for (const id of world.ids) world.revoked.add(id);
    await world.drain();
    expect(world.statuses().filter((status) => status === 'Succeeded')).toHaveLength(workingAtOnce);
    expect(world.statuses().filter((status) => status === 'NotAllowed')).toHaveLength(5);
  });
});

describe('a batch with tenants in which something always fails', () => {
  const damagedTenants = workingAtOnce + 3;

  it('goes through all others as fast as without them, then retries these for a day', async () => {
    const world = createBatchWorld({ tenants: 40 });
    const damaged = world.ids.slice(0, damagedTenants);
    const sound = world.ids.slice(damagedTenants);
    for (const id of damaged) world.damaged.add(id);
    await world.start();
    const begun = world.clock.now().getTime();
    const haveOthersEnded = () =>
      world
        .statuses()
        .slice(damagedTenants)
        .every((one) => one === 'Succeeded');
    for (let count = 0; count < 1000 && !haveOthersEnded(); count++) await world.deliver();
    expect(world.clock.now().getTime() - begun).toBeLessThan(10 * minuteMs);
    expect(new Set(world.statuses().slice(0, damagedTenants))).toEqual(new Set(['Failing']));
    world.clock.advance(dayMs);
    await world.drain();
    expect(world.read().status).toBe('Succeeded');
    expect(new Set(world.statuses().slice(0, damagedTenants))).toEqual(new Set(['GivenUp']));
    expect(childrenOf(world)).toEqual(sound.map((tenantId) => [tenantId, 'Succeeded']));
    const { length } = world.events('batches.visit.failed');
    expect(length).toBeGreaterThan(damagedTenants);
    expect(world.events('batches.visit.failed')[0]).toMatchObject({
      ...{ kind: 'enablements', tenantId: damaged[0], code: 'Damage' },
    });
  });

  it('starts there what can be started later', async () => {
    const world = createBatchWorld({ tenants: 4 });
    for (const id of world.ids.slice(1, 3)) world.damaged.add(id);
    await world.start();
    for (let messages = 0; messages < 20; messages++) await world.deliver();
    expect(world.statuses()).toEqual(['Succeeded', 'Failing', 'Failing', 'Succeeded']);
    world.damaged.clear();
    await world.drain();
    expect(childrenOf(world)).toEqual(succeededIn(world));
    expect(world.read().status).toBe('Succeeded');
  });

  it('retries for a day since it began to fail there, however old the batch is', async () => {
    const world = createBatchWorld({ tenants: 4 });
    const [damaged = ''] = world.ids;
    world.damaged.add(damaged);
    await world.start();
    world.clock.advance(2 * dayMs);
    for (let messages = 0; messages < 20; messages++) await world.deliver();
    expect(world.statuses()).toEqual(['Failing', 'Succeeded', 'Succeeded', 'Succeeded']);
    world.clock.advance(dayMs - 60 * minuteMs);
    for (let messages = 0; messages < 10; messages++) await world.deliver();
    expect(world.statuses()[0]).toBe('Failing');
    world.clock.advance(60 * minuteMs);
    await world.drain();
    expect(world.statuses()[0]).toBe('GivenUp');
  });

  it('is canceled everywhere else, and ends', async () => {
    const world = createBatchWorld({ tenants: 30, work: 50 });
    for (const id of world.ids.slice(0, 3)) world.damaged.add(id);
    await world.start();
    for (let messages = 0; messages < 20; messages++) await world.deliver();
    await world.cancel();
    await world.drain();
    expect(world.read()).toMatchObject({ status: 'Failed', errorCode: 'BatchStalled' });
    expect(world.statuses().slice(0, 3)).toEqual(['GivenUp', 'GivenUp', 'GivenUp']);
    expect(new Set(world.statuses().slice(3))).toEqual(new Set(['Canceled']));
    expect(new Set(childrenOf(world).map(([, status]) => status))).toEqual(new Set(['Canceled']));
  });
});

describe('a batch that is canceled', () => {
  it('cancels what has begun and starts nothing else', async () => {
    const world = createBatchWorld({ tenants: 30, work: 5 });
    await world.start();
    await world.deliver();
    await world.cancel();
    await world.drain();
    expect(world.read().status).toBe('Canceled');
    expect(new Set(world.statuses())).toEqual(new Set(['Canceled']));
    expect(world.children.all()).toHaveLength(workingAtOnce);
    expect(new Set(childrenOf(world).map(([, status]) => status))).toEqual(new Set(['Canceled']));
  });

  it('keeps what had ended before', async () => {
    const world = createBatchWorld({ tenants: 15 });
    await world.start();
    for (let messages = 0; messages < 8; messages++) await world.deliver();
    await world.cancel();
    await world.drain();
    expect(world.read().status).toBe('Canceled');
    const ends = childrenOf(world).map(([, status]) => status);
    expect(ends.filter((status) => status === 'Succeeded').length).toBeGreaterThan(0);
    expect(world.statuses().filter((status) => status === 'Succeeded')).toHaveLength(
      ends.filter((status) => status === 'Succeeded').length,
    );
  });
});

describe('a batch whose hosts are killed', () => {
  it('comes to the same, whichever step is the last one of a host', async () => {
    const whole = createFaults();
    const calm = createBatchWorld({ tenants: 4, work: 2 });
    await calm.start();
    await calm.drain(whole);
    expect(whole.steps.length).toBeGreaterThan(40);
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (let step = 0; step < whole.steps.length; step++) {
        const world = createBatchWorld({ tenants: 4, work: 2 });
        await world.start();
        const faults = crashAt(step, fault);
        while (faults.steps.length <= step && (await world.deliver(faults)));
        await world.drain();
        expect([step, fault, world.read().status]).toEqual([step, fault, 'Succeeded']);
        expect(childrenOf(world)).toEqual(succeededIn(world));
      }
    }
  });

  it('starts nothing after it was canceled, whichever step is the last one of a host', async () => {
    const whole = createFaults();
    const calm = createBatchWorld({ tenants: 3, work: 2 });
    await calm.start();
    await calm.drain(whole);
    for (let step = 0; step < whole.steps.length; step++) {
      const world = createBatchWorld({ tenants: 3, work: 2 });
      await world.start();
      const faults = crashAt(step, 'crashAfter');
      while (faults.steps.length <= step && (await world.deliver(faults)));
      await world.cancel();
      const before = childrenOf(world).filter(([, status]) => status === 'Succeeded');
      await world.drain();
      expect(['Canceled', 'Succeeded']).toContain(world.read().status);
      if (world.read().status !== 'Canceled') continue;
      expect(childrenOf(world).filter(([, status]) => !/Canceled|Succeeded/.test(status))).toEqual([]);
      expect(before.length).toBeLessThanOrEqual(3);
    }
  });
});

describe('a batch that two hosts run at once', () => {
  it('starts nothing twice, in whatever order their steps are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, isCanceled) => {
        const world = createBatchWorld({ tenants: 13, work: 2 });
        await world.start();
        const message = world.queues.messages.shift()?.message;
        if (message === undefined) throw new Error('There is no message.');
        const slow = slowed(world, scheduler);
        const runs = [world.run(slow, message), world.run(slow, message)];
        if (isCanceled) runs.push(world.cancel(slow));
        await scheduler.waitFor(Promise.all(runs));
        // As the monitor sends it again.
        world.queues.messages.push({ message: { ...message, after: world.read().handedOverBy }, delayMs: 0 });
        await world.drain();
        const ends = childrenOf(world);
        expect(new Set(ends.map(([tenantId]) => tenantId)).size).toBe(ends.length);
        expect(world.read().status).toBe(isCanceled ? 'Canceled' : 'Succeeded');
        const expected = isCanceled ? ['Canceled'] : ['Succeeded'];
        expect([...new Set(ends.map(([, status]) => status))]).toEqual(ends.length === 0 ? [] : expected);
        expect(world.statuses().filter((status) => !expected.includes(status))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

function slowed(world: BatchWorld, scheduler: fc.Scheduler): ReturnType<BatchWorld['depsOf']> {
  const deps = world.depsOf();
  const slow = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]): Promise<unknown> => {
          await scheduler.schedule(Promise.resolve(), String(key));
          return await (Reflect.apply(member, target, args) as Promise<unknown>);
        };
      },
    });
  return { ...deps, batches: slow(deps.batches), children: slow(deps.children) };
}

describe('the tenants of a batch', () => {
  it('are stored with the time since which they fail, of thousands in few bytes', () => {
    const moments = [new Date('2026-03-10T12:00:00.000Z'), new Date('2026-03-10T13:00:00.000Z')];
    const failing = Array.from({ length: 5000 }, (_, at): Member => {
      return { tenantId: randomUUID(), status: 'Failing', failingSince: moments[at % 2] };
    });
    const members: readonly Member[] = [...failing, { tenantId: randomUUID(), status: 'Failing' }];
    const stored = z.encode(membersCodec, members);
    expect(membersCodec.parse(JSON.parse(JSON.stringify(stored)))).toEqual(members);
    expect(JSON.stringify(stored).length).toBeLessThan(150_000);
  });

  it('are stored compactly, and read as they were', () => {
    const member = fc.record({ tenantId: fc.uuid(), status: fc.constantFrom(...memberStatuses) });
    fc.assert(
      fc.property(fc.array(member), (members) => {
        expect(z.decode(membersCodec, z.encode(membersCodec, members))).toEqual(members);
      }),
    );
  });

  it('fit into a row by the thousands', () => {
    const members = Array.from({ length: 5000 }, () => ({
      tenantId: randomUUID(),
      status: 'Failed' as const,
    }));
    expect(JSON.stringify(z.encode(membersCodec, members)).length).toBeLessThan(120_000);
  });

  it('have operations with IDs of their own, that sort by the time of the batch', () => {
    const at = new Date('2026-03-10T12:00:00.000Z');
    const id = newOperationId(at);
    const ids = Array.from({ length: 100 }, () => childIdOf(id, randomUUID()));
    expect(new Set(ids).size).toBe(100);
    for (const child of ids) {
      expect(z.uuid().safeParse(child).success).toBe(true);
      expect(timeOfOperationId(child)).toEqual(at);
    }
  });
});
