/** Derived secrets that can be renewed: each renewal is a generation, and the previous one may work for a while. */

export interface Generations {
  /** The current one, from 1. */
  readonly generation: number;
  /** The previous one works as well until then. */
  readonly overlapUntil?: Date | undefined;
}

/** Which generations work now, the current one first. */
export function liveGenerations({ generation, overlapUntil }: Generations, now: Date): readonly number[] {
  const isOverlapping = overlapUntil !== undefined && overlapUntil > now;
  return isOverlapping ? [generation, generation - 1] : [generation];
}

/** A secret as it is given to those who sign or verify with it. @see https://www.standardwebhooks.com */
export function shownSecret(secret: Buffer): string {
  return `whsec_${secret.toString('base64')}`;
}
