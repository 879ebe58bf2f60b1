/** The same history in a run in which nothing fails. */
import { minuteMs } from '../support/clock.ts';
import { drain } from './drain.ts';
import type { Deliverable } from './invariants/deliverable.ts';
import { startWorld, type Resources, type World } from './world/world.ts';

/** @throws {Error} when even that run does not collect everything */
export async function collectFaultless(
  resources: Resources,
  tenants: number,
  { contents, textsByTenant }: Deliverable,
): Promise<World> {
  const world = await startWorld(resources, {
    ...{ tenants, hosts: 1, env: {}, authorities: [], interfere: () => undefined },
  });
  const { simulator, clock, stored } = world;
  simulator.changeSettings({ pageSize: 200, emptyPagesBetween: false });
  const newest = Math.max(...contents.map(({ contentCreated }) => contentCreated.getTime()));
  clock.advance(newest - clock.now() + minuteMs);
  for (const { tenantId, plan, contentCreated, texts } of contents) {
    simulator.addContent(tenantId, {
      ...{ kind: 'records', contentType: plan.contentType, texts },
      contentCreated: contentCreated.toISOString(),
    });
  }
  const isDone = async () => {
    const since = new Date(0);
    for (const [tenantId, texts] of textsByTenant)
      if ((await stored.landings.totals(tenantId, since)).recordsIndexed < texts.length) return false;
    return true;
  };
  if (!(await drain(world, isDone))) throw new Error('The faultless run did not collect everything.');
  return world;
}
