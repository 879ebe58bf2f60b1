/** What records explain against what the index has, summed up for groups of landings: small enough to be saved with an operation. */
import { sumOf } from './keyed-digest.ts';

/** A prime number: landings of polls at regular times are spread evenly. */
const groups = 1021;

export interface Balance {
  /** Digests of what a landing explains; landings are known by their time. */
  readonly add: (landedAt: Date, digest: bigint) => void;
  /** Digests of what the index has of it. */
  readonly subtract: (landedAt: Date, digest: bigint) => void;
  /** Whether the group of the landing explains exactly what the index has. */
  readonly isEven: (landedAt: Date) => boolean;
  readonly isAllEven: () => boolean;
  /** To continue from. */
  readonly saved: () => string;
}

/** @param saved by an earlier run; empty at the beginning */
export function createBalance(saved: string): Balance {
  const bytes = Buffer.alloc(groups * 8);
  Buffer.from(saved, 'base64').copy(bytes);
  const placeOf = (landedAt: Date) => (landedAt.getTime() % groups) * 8;
  const add = (landedAt: Date, digest: bigint) => {
    const at = placeOf(landedAt);
    bytes.writeBigUInt64LE(sumOf(bytes.readBigUInt64LE(at), digest), at);
  };
  return {
    add,
    subtract(landedAt, digest) {
      add(landedAt, -digest);
    },
    isEven: (landedAt) => bytes.readBigUInt64LE(placeOf(landedAt)) === 0n,
    isAllEven: () => bytes.every((byte) => byte === 0),
    saved: () => bytes.toString('base64'),
  };
}
