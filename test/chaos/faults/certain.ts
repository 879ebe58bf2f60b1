/** When each kind of fault strikes for certain, so that even a short run has all of them. */
import { createRandom, seedOf } from '../../simulator/random.ts';

/** Of the rounds: later, there might be nothing left for a fault to strike. */
const earlyShare = 0.5;

export interface Certain<Kind> {
  /** Kinds that are due by this round and have not been struck off, the first round being 0. */
  readonly due: (round: number) => readonly Kind[];
  readonly strikeOff: (kind: Kind) => void;
}

export function planCertain<Kind extends { readonly name: string }>(
  kinds: readonly Kind[],
  { seed, rounds }: { readonly seed: number; readonly rounds: number },
): Certain<Kind> {
  const random = createRandom(seedOf(seed, 'certain', ...kinds.map(({ name }) => name)));
  const last = Math.max(1, Math.floor(rounds * earlyShare));
  const left = new Map(kinds.map((kind) => [kind, random.integer(1, last)]));
  return {
    due: (round) => [...left].filter(([, at]) => at <= round).map(([kind]) => kind),
    strikeOff: (kind) => left.delete(kind),
  };
}
