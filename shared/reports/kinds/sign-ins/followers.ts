/** Who signed in from the address of an attack afterwards. */
import * as z from 'zod';
import { countedSchema, createCounts, nothingCounted } from '../../bounded-counts.ts';
import type { ReportLimits } from '../../report-inputs.ts';
import { followMs, type Attack, type Attacks } from './attacks.ts';
import { keyOf, partsOf } from './keys.ts';
import { earlier, momentOf, momentSchema } from './moment.ts';
import { limitsOf } from './shares.ts';
import type { Visit } from './sign-in.ts';

const followedSchema = z.strictObject({ signIns: z.int(), first: momentSchema });
/** Sign-ins of one person from one address after an attack began. */
export type Followed = z.infer<typeof followedSchema>;

/** By kind, address or person of the attack, person, and address. */
export const followersSchema = countedSchema(followedSchema);
export type Followers = z.infer<typeof followersSchema>;

export const noFollowers: Followers = nothingCounted;

/** When sign-ins follow one of the attacks, half-open, and from which addresses; undefined if there are no attacks. */
export function followersWanted(found: Attacks) {
  const attacks = found.attacks.entries.map(([, attack]) => attack);
  if (attacks.length === 0) return undefined;
  const last = attacks.reduce((latest, attack) => Math.max(latest, attack.last.at), 0);
  return {
    from: new Date(attacks.reduce((first, attack) => Math.min(first, attack.first.at), last)),
    to: new Date(last + followMs),
    addresses: addressesOf(found),
  };
}

function addressesOf({ attacks, parts }: Attacks): readonly string[] {
  const subjects = attacks.entries.map(([key]) => partsOf(key));
  const others = parts.entries.map(([key]) => partsOf(key));
  const all = [
    ...subjects.flatMap(([kind, address = '']) => (kind === 'spray' ? [address] : [])),
    ...others.flatMap(([kind, , address = '']) => (kind === 'spray' ? [] : [address])),
  ];
  return [...new Set(all)].filter((address) => address !== '');
}

export interface FollowerCounter {
  add(visit: Visit): void;
  counted(): Followers;
}

/** Continues what was counted. @param found all attacks */
export function createFollowerCounter(
  limits: ReportLimits,
  begun: Followers,
  found: () => AttackIndex,
): FollowerCounter {
  const counts = createCounts<Followed>(begun, limitsOf(limits, 1 / 4));
  return {
    add(visit) {
      if (visit.address === '') return;
      for (const key of attacksBefore(found(), visit))
        counts.add(keyOf(...partsOf(key), visit.person, visit.address), (before) => ({
          signIns: (before?.signIns ?? 0) + 1,
          first: earlier(before?.first, momentOf(visit)),
        }));
    },
    counted: () => counts.counted(),
  };
}

/** Attacks by key, and the keys of their parts. */
export interface AttackIndex {
  readonly attacks: ReadonlyMap<string, Attack>;
  readonly parts: ReadonlySet<string>;
}

export function indexOf({ attacks, parts }: Attacks): AttackIndex {
  return { attacks: new Map(attacks.entries), parts: new Set(parts.entries.map(([key]) => key)) };
}

/** Keys of the attacks from whose address it came, during one of their episodes or soon after it. */
function attacksBefore({ attacks, parts }: AttackIndex, { person, address, at }: Visit): readonly string[] {
  const fromSameAddress = [
    keyOf('spray', address),
    ...(['burst', 'refusals'] as const)
      .filter((kind) => parts.has(keyOf(kind, person, address)))
      .map((kind) => keyOf(kind, person)),
  ];
  return fromSameAddress.filter((key) => {
    const attack = attacks.get(key);
    return attack?.episodes.some(([from, to]) => at >= from && at < to + followMs) === true;
  });
}
