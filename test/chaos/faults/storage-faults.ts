/** How storage fails: one declaration for each kind of fault. */
import { createRandom, seedOf } from '../../simulator/random.ts';
import type { Interference, StorageCall, StorageService } from '../../support/storage-proxy.ts';
import { planCertain } from './certain.ts';

interface StorageFault {
  readonly name: string;
  readonly interference: Interference;
  /** Of requests; or, for a burst, the chance that one begins with a request. */
  readonly share: number;
  /** So many requests to one service in a row: more than a client's own retries survive. */
  readonly burst?: number;
}

export const storageFaults: readonly StorageFault[] = [
  { name: 'storage 500', share: 0.004, interference: { kind: 'refused', status: 500 } },
  { name: 'storage 503', share: 0.004, interference: { kind: 'refused', status: 503 } },
  { name: 'storage reset before', share: 0.004, interference: { kind: 'reset', isExecuted: false } },
  { name: 'storage reset after', share: 0.004, interference: { kind: 'reset', isExecuted: true } },
  {
    ...{ name: 'storage timeout before', share: 0.001 },
    interference: { kind: 'silence', isExecuted: false, holdMs: 1500 },
  },
  {
    ...{ name: 'storage timeout after', share: 0.001 },
    interference: { kind: 'silence', isExecuted: true, holdMs: 1500 },
  },
  { name: 'storage outage', share: 0.0008, burst: 25, interference: { kind: 'refused', status: 503 } },
  {
    ...{ name: 'storage answers lost', share: 0.0008, burst: 20 },
    interference: { kind: 'reset', isExecuted: true },
  },
];

export interface ArmedStorage {
  readonly interfere: (call: StorageCall) => Interference | undefined;
  /** Requests so far. */
  readonly requests: () => number;
  /** How often each kind has struck which service. */
  readonly hits: () => ReadonlyMap<string, ReadonlyMap<StorageService, number>>;
  /** The first round is 0. */
  readonly beginRound: (round: number) => void;
  readonly disarm: () => void;
}

/** Passes everything on until the first round begins. */
export function createStorageFaults(given: { readonly seed: number; readonly rounds: number }): ArmedStorage {
  const random = createRandom(seedOf(given.seed, 'storage'));
  const certain = planCertain(storageFaults, given);
  const hits = new Map(storageFaults.map(({ name }) => [name, new Map<StorageService, number>()]));
  const bursts = new Map<StorageService, { readonly fault: StorageFault; left: number }>();
  let [isArmed, requests, round] = [false, 0, 0];
  const strike = (fault: StorageFault, service: StorageService): Interference => {
    const counts = hits.get(fault.name);
    counts?.set(service, (counts.get(service) ?? 0) + 1);
    return fault.interference;
  };
  const draw = (): StorageFault | undefined => {
    const [due] = certain.due(round);
    if (due === undefined) return storageFaults.find(({ share }) => random.chance(share));
    certain.strikeOff(due);
    return due;
  };
  return {
    interfere: ({ service }) => {
      requests++;
      if (!isArmed) return undefined;
      const burst = bursts.get(service);
      if (burst !== undefined && burst.left-- > 0) return strike(burst.fault, service);
      const fault = draw();
      if (fault?.burst !== undefined) bursts.set(service, { fault, left: fault.burst - 1 });
      return fault && strike(fault, service);
    },
    requests: () => requests,
    hits: () => hits,
    beginRound: (at) => {
      [isArmed, round] = [true, at];
    },
    disarm: () => {
      isArmed = false;
      bursts.clear();
    },
  };
}
