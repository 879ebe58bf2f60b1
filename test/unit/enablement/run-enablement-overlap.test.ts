/** Runs of one enablement at the same time: messages come more than once, and who cancels sends another one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnablementMessage } from '../../../shared/enablement/enablement.ts';
import { runEnablement, type RunEnablementDeps } from '../../../shared/enablement/run-enablement.ts';
import { hourMs } from '../../support/clock.ts';
import { createEnablementWorld, stepOf, type EnablementWorld } from '../../support/enablement-world.ts';
import { createLife, endingAt } from '../../support/life.ts';
import { mailboxNamed } from '../../support/modelled-mailbox.ts';

const request = { workloads: ['mailboxes'] };
/** Changed by a run between two looks at whether it is still the newest. */
const mailboxesAtOnce = 40;

function createWorldOf(mailboxes: number): EnablementWorld {
  const world = createEnablementWorld();
  const named = Array.from({ length: mailboxes }, (_, at) => mailboxNamed(`m${at}`, { auditEnabled: false }));
  world.exchange.put(...named);
  return world;
}

async function startAndTake(world: EnablementWorld): Promise<EnablementMessage> {
  await world.start(request);
  const taken = world.queues.take();
  if (taken === undefined) throw new Error('There is no message.');
  return taken.message;
}

/** Does something else before the changes of this number, from 1, are made. */
function interrupted(world: EnablementWorld, at: number, act: () => Promise<void>): RunEnablementDeps {
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
  it('leaves all to it, writes no more than it was at, and ends quietly', async () => {
    const world = createWorldOf(400);
    const message = await startAndTake(world);
    const older = interrupted(world, 2, () => runEnablement(world.depsOf(), message));
    await runEnablement(older, message);
    const done = await world.read(message.enablementId);
    expect(done.status).toBe('Succeeded');
    expect(stepOf(done, 'mailboxes')).toMatchObject({ before: { mailboxes: 400, toChange: 400 } });
    expect(stepOf(done, 'mailboxes').changes).toHaveLength(400);
    expect(world.exchange.writes).toHaveLength(400 + mailboxesAtOnce);
    expect(writeCounts(world)[0]).toBe(2);
    expect(world.queues.waiting()).toEqual([]);
    expect(world.telemetry.of('enablement.operation.finished')).toHaveLength(1);
  });

  it('has its message acknowledged while the newer one is still at it', async () => {
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
    expect((await world.read(message.enablementId)).status).toBe('Succeeded');
    expect(world.exchange.writes.length).toBeLessThanOrEqual(400 + mailboxesAtOnce);
    expect(world.queues.waiting()).toEqual([]);
  });

  it('by one that was asked to cancel ends with it, and the request is not lost', async () => {
    const world = createWorldOf(400);
    const message = await startAndTake(world);
    const { tenantId, enablementId } = message;
    const older = interrupted(world, 2, async () => {
      await world.enablements.requestCancel(tenantId, enablementId);
      await runEnablement(world.depsOf(), message);
    });
    await runEnablement(older, message);
    expect((await world.read(enablementId)).status).toBe('Canceled');
    expect(world.exchange.writes).toHaveLength(2 * mailboxesAtOnce);
    expect(world.telemetry.of('enablement.operation.finished')).toMatchObject([{ status: 'Canceled' }]);
  });

  it('that ends before it has saved anything is not waited for', async () => {
    const world = createWorldOf(10);
    const message = await startAndTake(world);
    await expect(runEnablement(world.depsOf(endingAt(1, 'endAfter')), message)).rejects.toThrow();
    const before = world.clock.now();
    await runEnablement(world.depsOf(), message);
    expect((await world.read(message.enablementId)).status).toBe('Succeeded');
    expect(world.clock.now()).toEqual(before);
  });

  it('in whatever order they come to act comes to the same end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, runs) => {
        const world = createWorldOf(90);
        const message = await startAndTake(world);
        const deps = world.depsOf(createLife());
        const slow = slowed(deps, scheduler);
        const all = Array.from({ length: runs }, () => runEnablement(slow, message));
        await scheduler.waitFor(Promise.all(all));
        // As when it was renewed.
        await world.drain();
        const done = await world.read(message.enablementId);
        expect(done.status).toBe('Succeeded');
        expect(stepOf(done, 'mailboxes').changes).toHaveLength(90);
        expect(world.exchange.writes.length).toBeLessThanOrEqual(90 + (runs - 1) * mailboxesAtOnce);
        expect(world.telemetry.of('enablement.operation.finished')).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  it('and cancelled at any moment has not run on for long', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = createWorldOf(200);
        const message = await startAndTake(world);
        const { tenantId, enablementId } = message;
        const deps = slowed(world.depsOf(), scheduler);
        let writesBefore = 0;
        const cancel = async () => {
          await deps.enablements.requestCancel(tenantId, enablementId);
          writesBefore = world.exchange.writes.length;
          await runEnablement(deps, message);
        };
        await scheduler.waitFor(Promise.all([runEnablement(deps, message), cancel()]));
        const { status } = await world.read(enablementId);
        expect(status).toBe(writesBefore < 200 ? 'Canceled' : status);
        expect(world.exchange.writes.length).toBeLessThanOrEqual(writesBefore + 2 * mailboxesAtOnce);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a message whose host is killed again and again', () => {
  it('is sent anew before it has been delivered so often that it would be poison', async () => {
    const world = createWorldOf(10);
    await world.start(request);
    const deliveries = new Map<string, number>();
    for (let kill = 0; kill < 20; kill++) {
      const text = JSON.stringify(world.queues.waiting()[0]?.message);
      deliveries.set(text, (deliveries.get(text) ?? 0) + 1);
      await world.deliver(endingAt(2, 'endBefore'));
    }
    expect(Math.max(...deliveries.values())).toBeLessThan(5);
    await world.drain();
    expect(world.telemetry.of('enablement.operation.finished')).toMatchObject([{ status: 'Succeeded' }]);
  });

  it.each([2, 3, 4, 9])(
    'and sent %i times besides keeps none of the others from going on',
    async (copies) => {
      const world = createWorldOf(10);
      await world.start(request);
      const [first] = world.queues.waiting();
      for (let copy = 0; copy < copies && first !== undefined; copy++)
        await world.queues.requestEnablementStep({ ...first.message, after: copy }, 0);
      for (let kill = 0; kill < 20; kill++) await world.deliver(endingAt(2, 'endBefore'));
      await world.drain();
      expect(world.telemetry.of('enablement.operation.finished')).toMatchObject([{ status: 'Succeeded' }]);
    },
  );

  it('is left to become poison when it never leads anywhere', async () => {
    const world = createWorldOf(10);
    const message = await startAndTake(world);
    for (let run = 0; run < 1000; run++) await world.enablements.takeOver(message);
    await expect(runEnablement(world.depsOf(endingAt(2, 'endBefore')), message)).rejects.toThrow();
    expect(world.queues.waiting()).toEqual([]);
  });

  it('is not sent anew where all goes well, however long it takes', async () => {
    const world = createEnablementWorld();
    world.exchange.organization.unifiedAuditLog = false;
    world.exchange.delays.unifiedAuditLogMs = 3 * hourMs;
    await world.start();
    const messages: EnablementMessage[] = [];
    for (let next = world.queues.waiting()[0]; next !== undefined; next = world.queues.waiting()[0]) {
      messages.push(next.message);
      await world.deliver();
    }
    expect(messages.length).toBeGreaterThan(5);
    expect(messages.map(({ after = 0 }) => after)).toEqual(messages.map((_message, at) => at));
  });
});

type Ports = Pick<RunEnablementDeps, 'enablements' | 'exchange'>;

/** Every call of storage and of Exchange waits for its turn. */
function slowed(deps: RunEnablementDeps, scheduler: fc.Scheduler): RunEnablementDeps {
  const slow = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function' || key === 'listMailboxes') return member;
        return async (...args: unknown[]) => {
          await scheduler.schedule(Promise.resolve());
          const result: unknown = await Reflect.apply(member, target, args);
          return key === 'takeOver' && typeof result === 'object' && result !== null ? slow(result) : result;
        };
      },
    });
  const { enablements, exchange }: Ports = deps;
  return { ...deps, enablements: slow(enablements), exchange: slow(exchange) };
}
