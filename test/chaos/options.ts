/** The sizes of a run, and the command line of `npm run test:chaos`. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface ChaosOptions {
  /** Decides the history, and which fault strikes when. */
  readonly seed: number;
  readonly tenants: number;
  readonly blobs: number;
  /** Hosts that are killed. */
  readonly kills: number;
  /** Stretches of five minutes, some of them longer, in which content is published and collected. */
  readonly rounds: number;
  /** How long a stretch may take in reality before the next one begins, in milliseconds. */
  readonly roundMs: number;
}

export const usage = `Usage: npm run test:chaos -- [--seed N] [--tenants N] [--blobs N] [--kills N] [--rounds N]

Collects an invented history while Microsoft 365, storage, hosts, and clocks fail, and checks that nothing is lost.

  --seed     repeats the history and the schedule of faults of another run (default: a new one)
  --tenants  (default: 20)
  --blobs    content blobs of all tenants together (default: 20000)
  --kills    hosts that are killed (default: 50)
  --rounds   steps of the clock (default: 60)
  --help     this text`;

const numbers = ['seed', 'tenants', 'blobs', 'kills', 'rounds'] as const;

/**
 * @returns undefined where help is wanted
 * @throws {Error} with one line that names the invalid argument
 */
export function parseOptions(args: readonly string[]): ChaosOptions | undefined {
  if (args.includes('--help') || args.includes('-h')) return undefined;
  const options = Object.fromEntries(numbers.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const read = (name: (typeof numbers)[number], fallback: number): number => {
    const text = values[name];
    if (text === undefined) return fallback;
    if (typeof text === 'string' && /^\d{1,9}$/.test(text)) return Number(text);
    throw new Error(`--${name} must be a whole number: npm run test:chaos -- --help lists what it takes`);
  };
  return {
    seed: read('seed', randomInt(1_000_000)),
    tenants: read('tenants', 20),
    blobs: read('blobs', 20_000),
    kills: read('kills', 50),
    rounds: read('rounds', 60),
    roundMs: 15_000,
  };
}
