/** Attacks with all that is known of each, and how bad they are. */
import { groupBy } from '../../../group-by.ts';
import { compareTexts } from '../../../compare-texts.ts';
import { severities, type Severity } from '../../document.ts';
import { attackKinds, thresholds, type Attack, type AttackKind, type Part } from './attacks.ts';
import type { Collected } from './collected.ts';
import type { Followed } from './followers.ts';
import { keyOf, partsOf } from './keys.ts';
import { networkOf } from './network.ts';

/** The person or the address of some failures of an attack. */
interface PartOf extends Part {
  readonly person: string;
  readonly address: string;
  /** The person was in the network of the address before the range. */
  readonly isUsual: boolean;
}

export interface Follower extends Followed {
  readonly person: string;
  readonly address: string;
  readonly isUsual: boolean;
  /** Whether it is usual cannot be known: records of the past may be missing. */
  readonly isUnknown: boolean;
}

/** An attack, and all that is known of it. */
export interface Finding extends Attack {
  readonly kind: AttackKind;
  readonly subject: string;
  readonly severity: Severity;
  readonly parts: readonly PartOf[];
  /** In order of time; those who are not usual there are dangerous. */
  readonly followers: readonly Follower[];
}

/** The worst first. */
export function findingsOf(collected: Collected): readonly Finding[] {
  const { attacks, parts } = collected.attacks;
  const partsOfAttack = groupBy(parts.entries, ([key]) => attackOf(key));
  const followersOfAttack = groupBy(collected.followers.entries, ([key]) => attackOf(key));
  return attacks.entries
    .map(([key, attack]): Finding => {
      const [kind, subject] = kindAndSubject(key);
      const own = (partsOfAttack.get(key) ?? [])
        .map((entry) => partIn(entry, collected))
        .toSorted(byPersonAndAddress);
      const followers = (followersOfAttack.get(key) ?? [])
        .map((entry) => followerIn(entry, collected))
        .toSorted(byTime);
      const severity = severityOf(kind, own, followers);
      return { ...attack, kind, subject, severity, parts: own, followers };
    })
    .toSorted(byDanger);
}

/** The first two parts of a key. */
function attackOf(key: string): string {
  return keyOf(...partsOf(key).slice(0, 2));
}

function kindAndSubject(key: string): readonly [AttackKind, string] {
  const [name, subject = ''] = partsOf(key);
  return [attackKinds.find((kind) => kind === name) ?? 'burst', subject];
}

function partIn([key, part]: readonly [string, Part], { familiarity }: Collected): PartOf {
  const [kind = '', subject = '', other = ''] = partsOf(key);
  const [person, address] = kind === 'spray' ? [other, subject] : [subject, other];
  return { ...part, person, address, isUsual: familiarity(person, networkOf(address)) === 'known' };
}

function followerIn([key, followed]: readonly [string, Followed], { familiarity }: Collected): Follower {
  const [, , person = '', address = ''] = partsOf(key);
  const known = familiarity(person, networkOf(address));
  return { ...followed, person, address, isUsual: known === 'known', isUnknown: known === 'unknown' };
}

/**
 * Someone who signed in from there and was not known there before is the worst; where that cannot be known, it must not
 * hide in a list of such. An office has one address, from which many
 * people mistype their passwords: where most of them were known there, it is probably none.
 */
function severityOf(kind: AttackKind, parts: readonly PartOf[], followers: readonly Follower[]): Severity {
  if (followers.some(({ isUsual, isUnknown }) => !isUsual && !isUnknown)) return 'critical';
  if (followers.some(({ isUnknown }) => isUnknown)) return 'warning';
  const strangers = parts.filter(({ isUsual, failures }) => !isUsual && failures > 0).length;
  const isProbablyNone =
    kind === 'spray' ? strangers < thresholds.spray : kind === 'burst' && strangers === 0;
  return isProbablyNone ? 'notice' : 'warning';
}

function byPersonAndAddress(a: PartOf, b: PartOf): number {
  return compareTexts(a.person, b.person) || compareTexts(a.address, b.address);
}

function byTime(a: Follower, b: Follower): number {
  return a.first.at - b.first.at || compareTexts(a.first.recordId, b.first.recordId);
}

function byDanger(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    attackKinds.indexOf(a.kind) - attackKinds.indexOf(b.kind) ||
    b.failures - a.failures ||
    compareTexts(a.subject, b.subject)
  );
}
