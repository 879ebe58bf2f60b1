/** A directory of names that a test chooses; it knows no one until then. */
import type { NameDirectory, NameSets } from '../../../shared/tenants/name-directory.ts';

export interface FakeNameDirectory extends NameDirectory {
  /** From now on, in every tenant. */
  know(sets: NameSets): void;
}

export function createFakeNameDirectory(): FakeNameDirectory {
  let known: NameSets = [];
  return {
    know: (sets) => {
      known = sets;
    },
    namesIn: async () => await Promise.resolve(known),
  };
}
