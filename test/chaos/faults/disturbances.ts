/** What happens to hosts, clocks, and subscriptions: one declaration for each kind. */
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom, seedOf, type Random } from '../../simulator/random.ts';
import { minuteMs } from '../../support/clock.ts';
import { contentTypes } from '../history.ts';
import type { World } from '../world/world.ts';
import { planCertain } from './certain.ts';

interface Disturbance {
  readonly name: string;
  /** Of rounds in which it happens. */
  readonly share: number;
  /** False when there was nothing to disturb. */
  readonly happen: (world: World, random: Random) => boolean;
}

const skewedBy =
  (sign: 1 | -1): Disturbance['happen'] =>
  ({ hosts }, random) => {
    random.pick(hosts).clock.skew(sign * random.integer(minuteMs, 40 * minuteMs));
    return true;
  };

export const disturbances: readonly Disturbance[] = [
  { name: 'clock ahead', share: 0.25, happen: skewedBy(1) },
  { name: 'clock behind', share: 0.25, happen: skewedBy(-1) },
  {
    ...{ name: 'subscription stopped', share: 0.2 },
    happen: ({ simulator, tenantIds }, random) =>
      simulator.stopSubscription(random.pick(tenantIds), random.pick(contentTypes)),
  },
];

export const kills = { one: 'host killed', both: 'both hosts killed at once' } as const;
const bothShare = 0.2;

export interface Disturber {
  /** Sets clocks right again, and draws what happens in the round, the first of which is 0. */
  readonly beginRound: (round: number) => void;
  /** Kills hosts at random moments of the round. Resolves when all of them run again. */
  readonly killHosts: (count: number, withinMs: number) => Promise<void>;
  readonly hits: () => ReadonlyMap<string, number>;
  readonly end: () => void;
}

export function createDisturber(
  world: World,
  given: { readonly seed: number; readonly rounds: number },
): Disturber {
  const { seed } = given;
  const certain = planCertain(disturbances, given);
  let killed = 0;
  const random = createRandom(seedOf(seed, 'disturbances'));
  const names = [...disturbances.map(({ name }) => name), ...Object.values(kills)];
  const hits = new Map(names.map((name) => [name, 0]));
  const count = (name: string) => hits.set(name, (hits.get(name) ?? 0) + 1);
  const setClocksRight = () => {
    for (const host of world.hosts) host.clock.skew(0);
  };
  const killOnce = async (withinMs: number) => {
    const isBoth = random.chance(bothShare) || killed++ === 1;
    const victims = isBoth ? world.hosts : [random.pick(world.hosts)];
    await delay(random.integer(30, withinMs));
    await Promise.all(victims.map((host) => host.kill()));
    count(isBoth ? kills.both : kills.one);
  };
  return {
    beginRound: (round) => {
      setClocksRight();
      for (const disturbance of disturbances) {
        const { name, share, happen } = disturbance;
        const isWanted = random.chance(share) || certain.due(round).includes(disturbance);
        if (!isWanted || !happen(world, random)) continue;
        certain.strikeOff(disturbance);
        count(name);
      }
    },
    killHosts: async (many, withinMs) => {
      for (let at = 0; at < many; at++) await killOnce(withinMs / many);
    },
    hits: () => hits,
    end: setClocksRight,
  };
}
