/** A tenant that is polled when it is due, whose feed lists some content late. */
import type { ContentBlob } from '../../../shared/activity/activity-feed.ts';
import type { PollRequest } from '../../../shared/landing/work-queues.ts';
import { runPollRequest } from '../../../shared/landing/poll-tenants.ts';
import { readCompleteness } from '../../../shared/query/completeness.ts';
import { hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults } from '../../support/faults.ts';
import { createPollWorld } from '../../support/poll-world.ts';

export interface Late {
  readonly content: ContentBlob;
  readonly lateMs: number;
}

export type LateWorld = ReturnType<typeof createLateWorld>;

export function createLateWorld() {
  const world = createPollWorld();
  const { clock, tenant, ledger, landings } = world;
  const { tenantId } = tenant;
  const tenants = createFakeTenantStore([tenant]);
  const published: Late[] = [];
  const stored = async () => {
    const found = await tenants.get(tenantId);
    if (found === undefined) throw new Error('The tenant is gone.');
    return found;
  };
  return {
    ...{ ...world, tenants, stored },
    published: published as readonly Late[],
    /** Content that is published now, and listed later. */
    publishLate: (lateMs: number) => {
      const content = world.publish(`mail-${published.length}`, { ago: 0, lateMs, records: 1 });
      published.push({ content, lateMs });
      return content;
    },
    /** Without its exceptions: the next poll follows. Returns whether it ended well. */
    pollNow: async (faults = createFaults(), asked: Partial<Pick<PollRequest, 'reason' | 'since'>> = {}) => {
      const deps = { ...world.depsOf(faults), tenants, tenantConcurrency: 1, ceilingMs: 30 * minuteMs };
      const request = { version: 1, tenantId, reason: 'registered', ...asked } as const;
      return await runPollRequest(deps, request, clock.startBudget(minuteMs)).then(
        () => true,
        () => false,
      );
    },
    index: async () => {
      for (const landing of await landings.unindexed(tenantId))
        await landings.close(tenantId, landing, { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 1 });
    },
    /** IDs of content that is landed and indexed. */
    found: async (): Promise<ReadonlySet<string>> => {
      const waiting = new Set((await landings.unindexed(tenantId)).map(({ landingId }) => landingId));
      const landed = ledger.allSettled(tenantId).filter(({ state }) => state === 'landed');
      const here = landed.filter(({ landingId }) => landingId !== undefined && !waiting.has(landingId));
      return new Set(here.map(({ content }) => content.contentId));
    },
    completeness: async () => {
      const [type] = (await readCompleteness(world, await stored())).contentTypes;
      if (type === undefined) throw new Error('It has no content type.');
      return type;
    },
  };
}

/** Moves the clock to the next poll, through `step` after each `everyMs`. */
export async function passTime(
  world: LateWorld,
  { ms, everyMs = 5 * minuteMs }: { readonly ms: number; readonly everyMs?: number },
  step: () => Promise<void> | void = () => undefined,
): Promise<void> {
  for (let passed = 0; passed < ms; passed += everyMs) {
    world.clock.advance(everyMs);
    await step();
    const { poll } = await world.stored();
    if (poll.nextPollAt <= world.clock.now()) await world.pollNow();
    await world.index();
  }
}

export const hours = (count: number) => count * hourMs;
