/** After the faults: whatever is pending is collected, as it would be within a day. */
import { setTimeout as delay } from 'node:timers/promises';
import { hourMs, minuteMs } from '../support/clock.ts';
import { whenIdle } from './world/hosts.ts';
import type { World } from './world/world.ts';

/**
 * Steps of the clock: leases and pauses end; content that is gone for an hour is a gap; landings whose message was lost
 * are sent again after an hour; what was rejected three times is fetched again after a day.
 */
const steps = [6, 6, 11, 65, 6, 11, 65, 6, 6, 25 * 60, 6, 6, 65, 6, 6].map((minutes) => minutes * minuteMs);
const roundLimitMs = 30_000;

/**
 * @param isDone read after each step
 * @returns whether nothing was pending at the end
 */
export async function drain(world: World, isDone: () => Promise<boolean>): Promise<boolean> {
  for (const stepMs of steps) {
    world.clock.advance(stepMs);
    // What runs once a day, as its schedule would have it by then; the first one also finds what was published late.
    if (stepMs >= hourMs || stepMs === steps[0]) await world.hosts[0]?.run('reconcile-activity-feed');
    for (const host of world.hosts) await host.run('poll-activity-feed');
    await delay(300);
    await whenIdle(world.hosts, roundLimitMs);
    if (await isDone()) return true;
  }
  return false;
}
