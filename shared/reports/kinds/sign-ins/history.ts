/** In which networks people were before the range, as far as it matters. */
import * as z from 'zod';
import { lazy } from '../../../lazy.ts';
import { keyOf, partsOf } from './keys.ts';
import { networkOf } from './network.ts';
import type { Attacks } from './attacks.ts';
import type { Followers } from './followers.ts';
import type { Visit } from './sign-in.ts';
import type { Tallied } from './tally.ts';

export const historySchema = z.strictObject({
  /** By person and network, of those that matter. */
  networks: z.array(z.string()).readonly(),
  /** People who signed in at all, of those who matter. */
  people: z.array(z.string()).readonly(),
});
export type History = z.infer<typeof historySchema>;

export const noHistory: History = { networks: [], people: [] };

/** People and networks of the range whose past matters: where someone signed in, also after an attack, and where attacks came from. */
export function networksThatMatter(
  { networks }: Pick<Tallied, 'networks'>,
  { parts }: Attacks,
  followers: Followers,
): ReadonlySet<string> {
  const ofAttacks = parts.entries.flatMap(([key]) => {
    const [kind, subject = '', other = ''] = partsOf(key);
    const [person, address] = kind === 'spray' ? [other, subject] : [subject, other];
    const network = networkOf(address);
    return network === undefined ? [] : [keyOf(person, network)];
  });
  const ofFollowers = followers.entries.flatMap(([key]) => {
    const [, , person = '', address = ''] = partsOf(key);
    const network = networkOf(address);
    return network === undefined ? [] : [keyOf(person, network)];
  });
  return new Set([...networks.entries.map(([key]) => key), ...ofAttacks, ...ofFollowers]);
}

export interface HistoryReader {
  /** @param visit of the past */
  add(visit: Visit): void;
  found(): History;
}

/** Continues what was found; the order of records makes no difference. It holds no more than what matters. */
export function createHistoryReader(begun: History, matter: () => ReadonlySet<string>): HistoryReader {
  const networks = new Set(begun.networks);
  const people = new Set(begun.people);
  const whoMatters = lazy(() => new Set([...matter()].map((key) => partsOf(key)[0])));
  return {
    add({ person, network }) {
      if (!whoMatters().has(person)) return;
      people.add(person);
      if (network === undefined) return;
      const key = keyOf(person, network);
      if (matter().has(key)) networks.add(key);
    },
    found: () => ({ networks: [...networks].toSorted(), people: [...people].toSorted() }),
  };
}

/**
 * Whether the person was in the network in the 28 days before the range. `noSignIn`: the person did not sign in at all
 * then, so that every network would be new. `unknown`: records of that time may be missing.
 */
export const familiarities = ['new', 'unknown', 'noSignIn', 'known'] as const;
export type Familiarity = (typeof familiarities)[number];

/** @param isWhole no record of the time before the range is missing */
export function familiarityIn(
  history: History,
  isWhole: boolean,
): (person: string, network: string | undefined) => Familiarity {
  const networks = new Set(history.networks);
  const people = new Set(history.people);
  return (person, network) => {
    if (network !== undefined && networks.has(keyOf(person, network))) return 'known';
    if (!isWhole || network === undefined) return 'unknown';
    return people.has(person) ? 'new' : 'noSignIn';
  };
}
