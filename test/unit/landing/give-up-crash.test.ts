/** A host that is killed while an operator gives up a rejected body: nothing claims to be complete in the meantime. */
import { describe, expect, it } from 'vitest';
import { giveUpRejected } from '../../../shared/landing/decide-rejected.ts';
import { rejectedContents, rejectedId } from '../../../shared/landing/rejected-content.ts';
import { missingIn, readCompleteness } from '../../../shared/query/completeness.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { bodyOf, contentNamed, recordTexts } from '../../support/content.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { Crash, crashAt, createFaults, type Faults } from '../../support/faults.ts';
import { createPollWorld } from '../../support/poll-world.ts';

const texts = recordTexts('part', 3);
const damaged = Buffer.from(`[${texts.join(',null,')}]`);

/** A content blob whose body is rejected. */
async function createWorld() {
  const world = createPollWorld();
  const { tenantId } = world.tenant;
  const tenants = createFakeTenantStore([world.tenant]);
  // Everything before the first listing is a hole.
  await world.poll();
  world.clock.advance(2 * hourMs);
  const content = contentNamed('part', new Date(world.clock.now().getTime() - hourMs));
  let chunks: readonly Buffer[] = [damaged];
  world.feed.publish(content, {
    get chunks() {
      return chunks;
    },
  });
  await world.poll();
  const all = async () =>
    rejectedContents(await world.ledger.open(tenantId), await world.ledger.gaps(tenantId));
  const id = rejectedId(content);
  return {
    ...world,
    all,
    /** Whether the host lived to the end. */
    giveUp: async (faults: Faults = createFaults()) => {
      const ports = {
        ledger: faults.inject('ledger', world.ledger),
        tenants: faults.inject('tenants', tenants),
      };
      const deps = { ...world, ...ports, telemetry: world.telemetry.telemetry, now: world.clock.now };
      const choice = { tenantId, id, caller: 'key-1', reason: 'It is empty.' };
      return await giveUpRejected(deps, choice).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Crash) return false;
          throw error;
        },
      );
    },
    isHole: async () => {
      const [start, end] = [content.contentCreated, new Date(content.contentCreated.getTime() + 1)];
      const stored = await tenants.get(tenantId);
      if (stored === undefined) throw new Error('The tenant is gone.');
      return missingIn(await readCompleteness(world, stored), { from: start, to: end }).hasGaps;
    },
    /** Polls once the lease of the host that was killed is over and the content blob is due. */
    pollLater: async () => {
      world.clock.advance(hourMs);
      await world.poll();
    },
    repair: () => (chunks = bodyOf(texts)),
  };
}

type World = Awaited<ReturnType<typeof createWorld>>;

/** Kills the host before and after each of its steps, and says which step came last. */
async function afterEachCrash(check: (world: World) => Promise<void>): Promise<number> {
  for (let step = 0; ; step++) {
    const lived = [];
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      const world = await createWorld();
      lived.push(await world.giveUp(crashAt(step, fault)));
      expect(await world.isHole()).toBe(true);
      await check(world);
    }
    if (lived.every(Boolean)) return step;
  }
}

describe('a host that is killed at any step of giving a rejected body up', () => {
  it('has given it up once when the operator repeats it, and it is never fetched again', async () => {
    const steps = await afterEachCrash(async (world) => {
      world.clock.advance(minuteMs);
      expect(await world.giveUp()).toBe(true);
      const fetched = world.feed.fetched.length;
      await world.pollLater();
      expect(world.feed.fetched).toHaveLength(fetched);
      expect(await world.all()).toMatchObject([
        { state: 'givenUp', gap: { givenUpBy: 'key-1', givenUpReason: 'It is empty.' } },
      ]);
      expect(await world.ledger.open(world.tenant.tenantId)).toEqual([]);
      expect(world.ledger.allSettled(world.tenant.tenantId)).toMatchObject([{ state: 'rejected' }]);
      expect(await world.isHole()).toBe(true);
    });
    expect(steps).toBeGreaterThan(6);
  });

  it('leaves it either given up, or to polls that close its gap when it lands', async () => {
    await afterEachCrash(async (world) => {
      const wasOpen = (await world.ledger.open(world.tenant.tenantId)).length > 0;
      world.repair();
      await world.pollLater();
      const left = await world.all();
      expect(left.map(({ state }) => state)).toEqual(wasOpen ? [] : ['givenUp']);
      expect(await world.isHole()).toBe(!wasOpen);
    });
  });
});
