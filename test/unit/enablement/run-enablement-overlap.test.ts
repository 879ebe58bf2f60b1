/** Runs of one enablement at the same time: messages come more than once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OperationMessage } from '../../../shared/operations/operation.ts';
import {
  createEnablementWorld,
  runEnablement,
  stepOf,
  type EnablementDeps,
  type EnablementWorld,
} from '../../support/enablement-world.ts';
import { createFaults, crashAt } from '../../support/faults.ts';
import { mailboxNamed } from '../../support/modeled-mailbox.ts';
import { forgetTenant } from '../../support/tenants.ts';

const request = { workloads: ['mailboxes'] };
/** Changed by a run between two checks whether it is still the newest. */
const mailboxesAtOnce = 40;

function createWorldOf(mailboxes: number): EnablementWorld {
  const world = createEnablementWorld();
  const named = Array.from({ length: mailboxes }, (_, at) => mailboxNamed(`m${at}`, { auditEnabled: false }));
  world.exchange.put(...named);
  return world;
}

async function startAndTake(world: EnablementWorld): Promise<OperationMessage> {
  await world.start(request);
  const taken = world.queues.take();
  if (taken === undefined) throw new Error('There is no message.');
  return taken.message;
}

/** Does something else before the changes of this number, from 1, are made. */
function interrupted(world: EnablementWorld, at: number, act: () => Promise<void>): EnablementDeps {
  let calls = 0;
  const { exchange } = world;
  return {
    ...world.depsOf(),
    exchange: {
      ...exchange,
      changeMailboxes: async (tenant, changes) => {
        if (changes.length > 0 && ++calls === at) await act();
        return await exchange.changeMailboxes(tenant, changes);
      },
    },
  };
}

/** How often each mailbox was written, the most written first. */
function writeCounts({ exchange }: EnablementWorld): readonly number[] {
  const counts = new Map<string, number>();
  for (const write of exchange.writes) counts.set(write, (counts.get(write) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => b - a);
}

describe('a run that is overtaken by a newer one', () => {
  it('stops, completes only the changes in flight, and ends quietly', async () => {
    const world = createWorldOf(400);
    const message = await startAndTake(world);
    const older = interrupted(world, 2, () => runEnablement(world.depsOf(), message));
    await runEnablement(older, message);
    const done = await world.read(message.id);
    expect(done.status).toBe('Succeeded');
    expect(stepOf(done, 'mailboxes')).toMatchObject({ before: { mailboxes: 400, toChange: 400 } });
    expect(stepOf(done, 'mailboxes').changes).toHaveLength(400);
    expect(world.exchange.writes).toHaveLength(400 + mailboxesAtOnce);
    expect(writeCounts(world)[0]).toBe(2);
    expect(world.queues.waiting()).toEqual([]);
    expect(world.telemetry.of('operations.operation.finished')).toHaveLength(1);
  });

  it('has its message acknowledged while the newer one is still running', async () => {
    const world = createWorldOf(400);
    const message = await startAndTake(world);
    let olderDone: Promise<void> = Promise.resolve();
    const newer = interrupted(world, 1, () => olderDone);
    let newerDone: Promise<void> = Promise.resolve();
    const older = interrupted(world, 3, async () => {
      newerDone = runEnablement(newer, message);
      await Promise.resolve();
    });
    olderDone = runEnablement(older, message);
    await olderDone;
    await newerDone;
    expect((await world.read(message.id)).status).toBe('Succeeded');
    expect(world.exchange.writes.length).toBeLessThanOrEqual(400 + mailboxesAtOnce);
    expect(world.queues.waiting()).toEqual([]);
  });

  it('by its cancellation ends after the changes in flight', async () => {
    const world = createWorldOf(400);
    const message = await startAndTake(world);
    const older = interrupted(world, 2, async () => {
      await world.cancel(message.id);
    });
    await runEnablement(older, message);
    expect((await world.read(message.id)).status).toBe('Canceled');
    expect(world.exchange.writes).toHaveLength(2 * mailboxesAtOnce);
    expect(world.telemetry.of('operations.operation.finished')).toMatchObject([{ status: 'Canceled' }]);
  });

  it('that ends before it has saved anything does not delay the newer one', async () => {
    const world = createWorldOf(10);
    const message = await startAndTake(world);
    await expect(runEnablement(world.depsOf(crashAt(1, 'crashAfter')), message)).rejects.toThrow();
    const before = world.clock.now();
    await runEnablement(world.depsOf(), message);
    expect((await world.read(message.id)).status).toBe('Succeeded');
    expect(world.clock.now()).toEqual(before);
  });

  it('has the same result in whatever order they run', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, runs) => {
        const world = createWorldOf(90);
        const message = await startAndTake(world);
        const deps = world.depsOf(createFaults());
        const slow = slowed(deps, scheduler);
        const all = Array.from({ length: runs }, () => runEnablement(slow, message));
        await scheduler.waitFor(Promise.all(all));
        // As when it was renewed.
        await world.drain();
        const done = await world.read(message.id);
        expect(done.status).toBe('Succeeded');
        expect(stepOf(done, 'mailboxes').changes).toHaveLength(90);
        expect(world.exchange.writes.length).toBeLessThanOrEqual(90 + (runs - 1) * mailboxesAtOnce);
        expect(world.telemetry.of('operations.operation.finished')).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  it('and canceled at any moment has not continued for long', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = createWorldOf(200);
        const message = await startAndTake(world);
        const deps = slowed(world.depsOf(), scheduler);
        let writesBefore = 0;
        const cancel = async () => {
          await world.cancel(message.id, deps);
          writesBefore = world.exchange.writes.length;
        };
        await scheduler.waitFor(Promise.all([runEnablement(deps, message), cancel()]));
        const { status } = await world.read(message.id);
        expect(status).toBe(writesBefore < 200 ? 'Canceled' : status);
        expect(world.exchange.writes.length).toBeLessThanOrEqual(writesBefore + 2 * mailboxesAtOnce);
      }),
      { numRuns: 100 },
    );
  });
});

type Ports = Pick<EnablementDeps, 'enablements' | 'exchange'>;

/** Every call of storage and of Exchange waits for its turn. */
function slowed(deps: EnablementDeps, scheduler: fc.Scheduler): EnablementDeps {
  const slow = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function' || key === 'listMailboxes') return member;
        return async (...args: unknown[]) => {
          await scheduler.schedule(Promise.resolve());
          return (await Reflect.apply(member, target, args)) as unknown;
        };
      },
    });
  const { enablements, exchange }: Ports = deps;
  return { ...deps, enablements: slow(enablements), exchange: slow(exchange) };
}

describe('a run whose tenant is removed while it works', () => {
  it('leaves no subscription running that the removal can no longer stop', async () => {
    const world = createEnablementWorld();
    await world.start({ workloads: ['feed'] });
    const message = world.queues.take()?.message;
    if (message === undefined) throw new Error('There is no message.');
    const feed: typeof world.feed = {
      ...world.feed,
      startSubscription: async (...started) => {
        await forgetTenant(world.tenants, world.tenant.tenantId);
        return await world.feed.startSubscription(...started);
      },
    };
    await runEnablement({ ...world.depsOf(), feed }, message).catch(() => undefined);
    expect(await world.feed.listSubscriptions(world.tenant)).toEqual([]);
  });
});
