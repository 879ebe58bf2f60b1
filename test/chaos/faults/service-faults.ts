/** How Microsoft 365 fails: one declaration for each kind of fault. */
import type { FaultEffect } from '../../simulator/faults.ts';
import { createRandom, seedOf } from '../../simulator/random.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { planCertain } from './certain.ts';

type Match = NonNullable<Parameters<Simulator['faults']['add']>[0]['match']>;

interface ServiceFault {
  readonly name: string;
  readonly match: Match;
  readonly effect: FaultEffect;
  /** Of matching calls; or, for a burst, of rounds. */
  readonly share: number;
  /** So many calls of one tenant in a row. */
  readonly burst?: number;
}

const blob = { operation: 'blob' } as const;
const listing = { operation: 'content' } as const;

export const serviceFaults: readonly ServiceFault[] = [
  { name: '500', match: {}, share: 0.012, effect: { kind: 'internal-error' } },
  { name: '502, a page of HTML', match: {}, share: 0.008, effect: { kind: 'html', status: 502 } },
  { name: '503', match: {}, share: 0.008, effect: { kind: 'error', status: 503, code: '' } },
  { name: 'connection reset', match: {}, share: 0.01, effect: { kind: 'connection-reset' } },
  { name: 'no answer', match: {}, share: 0.004, effect: { kind: 'no-answer', holdMs: 1500 } },
  {
    ...{ name: 'reset inside a body', match: blob, share: 0.02 },
    effect: { kind: 'truncated-body', cleanEnd: false },
  },
  { name: 'JSON cut short', match: blob, share: 0.012, effect: { kind: 'truncated-body', cleanEnd: true } },
  {
    ...{ name: 'listing cut short', match: listing, share: 0.02 },
    effect: { kind: 'truncated-body', cleanEnd: true },
  },
  { name: 'dripping body', match: blob, share: 0.02, effect: { kind: 'slow-body', durationMs: 700 } },
  { name: 'token expired', match: blob, share: 0.008, effect: { kind: 'token-expired' } },
  {
    ...{ name: 'next page expired', match: { ...listing, isNextPage: true }, share: 0.06 },
    effect: { kind: 'error', status: 400, code: 'AF20031' },
  },
  {
    ...{ name: 'Retry-After: 1', match: {}, share: 0.008 },
    effect: { kind: 'too-many-requests', retryAfterSeconds: 1 },
  },
  {
    ...{ name: 'Retry-After: 120', match: blob, share: 0.003 },
    effect: { kind: 'too-many-requests', retryAfterSeconds: 120 },
  },
  { name: 'burst of AF429', match: {}, share: 0.3, burst: 12, effect: { kind: 'throttled' } },
  { name: 'burst of AF50000', match: {}, share: 0.3, burst: 12, effect: { kind: 'internal-error' } },
];

export interface ArmedService {
  /** Draws the bursts of a round, the first of which is 0. */
  readonly beginRound: (round: number) => void;
  /** How often each kind has struck. */
  readonly hits: () => ReadonlyMap<string, number>;
  /** No more of them. */
  readonly disarm: () => void;
}

export interface Arming {
  readonly seed: number;
  readonly rounds: number;
  /** A burst strikes one of them. */
  readonly tenantIds: readonly string[];
}

export function armService({ faults }: Simulator, { seed, rounds, tenantIds }: Arming): ArmedService {
  const names = new Map<string, string>();
  const random = createRandom(seedOf(seed, 'bursts'));
  const certain = planCertain(serviceFaults, { seed, rounds });
  const add = ({ name, match, effect }: ServiceFault, how: object) =>
    names.set(faults.add({ match, effect, ...how }), name);
  for (const fault of serviceFaults) {
    const { name, share: probability, burst } = fault;
    if (burst === undefined) add(fault, { probability, seed: seedOf(seed, name) });
  }
  return {
    beginRound: (round) => {
      for (const fault of certain.due(round)) {
        add(fault, { times: fault.burst ?? 1 });
        certain.strikeOff(fault);
      }
      for (const fault of serviceFaults) {
        const { match, share, burst: times } = fault;
        if (times === undefined || !random.chance(share)) continue;
        add({ ...fault, match: { ...match, tenantId: random.pick(tenantIds) } }, { times });
      }
    },
    hits: () => {
      const counts = new Map(serviceFaults.map(({ name }) => [name, 0]));
      for (const { id, hits } of faults.list()) {
        const name = names.get(id);
        if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + hits);
      }
      return counts;
    },
    disarm: () => {
      for (const { id } of faults.list()) if (names.has(id)) faults.disarm(id);
    },
  };
}
