/** The part of a run in which content is published and everything fails. */
import { setTimeout as delay } from 'node:timers/promises';
import { hourMs } from '../support/clock.ts';
import { createDisturber } from './faults/disturbances.ts';
import { readInjected, type Injectors } from './faults/injected.ts';
import { armService } from './faults/service-faults.ts';
import type { ArmedStorage } from './faults/storage-faults.ts';
import { portion, type Round } from './history.ts';
import type { ChaosOptions } from './options.ts';
import { whenIdle } from './world/hosts.ts';
import type { Publisher } from './world/publisher.ts';
import type { World } from './world/world.ts';

export interface Stage {
  readonly world: World;
  readonly publisher: Publisher;
  readonly storage: ArmedStorage;
  readonly history: readonly Round[];
  readonly options: ChaosOptions;
  readonly onRound: (round: number) => void;
}

/**
 * Plays the rounds, and spare ones while some kind of fault has not struck. Faults are armed during that only.
 * @returns what can tell how often each kind struck
 */
export async function playRounds(stage: Stage): Promise<Injectors> {
  const { world, publisher, storage, history, options, onRound } = stage;
  const { seed, kills, roundMs } = options;
  const { rounds } = options;
  const service = armService(world.simulator, { seed, rounds, tenantIds: world.tenantIds });
  const disturber = createDisturber(world, { seed, rounds });
  const injectors = { world, publisher, service, storage, disturber };
  const isEnough = () => readInjected(injectors).every(({ count }) => count > 0);
  for (const [at, round] of history.entries()) {
    if (at >= rounds && isEnough()) break;
    onRound(at);
    for (const injector of [storage, service, disturber]) injector.beginRound(at);
    publisher.publish(round);
    const count = at < rounds ? portion(kills, at, rounds) : 0;
    await Promise.all([disturber.killHosts(count, roundMs / 2), collect(world, round, roundMs)]);
  }
  storage.disarm();
  service.disarm();
  disturber.end();
  return injectors;
}

/** As timers would: polls on every host; after a night, the daily reconciliation as well. */
async function collect({ hosts }: World, { stepMs }: Round, roundMs: number): Promise<void> {
  if (stepMs > hourMs) await hosts[0]?.run('reconcile-activity-feed');
  await Promise.all(hosts.map((host) => host.run('poll-activity-feed')));
  await delay(200);
  await whenIdle(hosts, roundMs);
}
