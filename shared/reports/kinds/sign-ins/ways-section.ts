/** Ways to sign in that attackers like: old protocols, and applications that were confirmed. */
import type { Cell, Section } from '../../document.ts';
import { compareTexts } from '../../../compare-texts.ts';
import { orNull, shownMoment, type Collected } from './collected.ts';
import { partsOf } from './keys.ts';
import type { WayUses } from './tally.ts';
import { waysTable } from './tables.ts';

export function waysSection({ tallied, nameOf }: Collected): Section {
  const { ways } = tallied;
  return {
    name: 'ways',
    title: 'Old protocols and confirmed applications',
    paragraphs: paragraphsOf(tallied),
    tables: [
      {
        ...waysTable,
        rows: ways.entries.toSorted(bySignIns).map(([key, uses]) => rowOf(key, uses, nameOf)),
        omitted: 0,
      },
    ],
    charts: [],
  };
}

type Entry = readonly [key: string, uses: WayUses];

function bySignIns([key, one]: Entry, [otherKey, other]: Entry): number {
  return other.signIns - one.signIns || other.failures - one.failures || compareTexts(key, otherKey);
}

function rowOf(key: string, uses: WayUses, nameOf: Collected['nameOf']): readonly Cell[] {
  const [person = '', way = ''] = partsOf(key);
  const { signIns, failures, first, last } = uses;
  return [
    ...[nameOf(person), way, signIns, failures, shownMoment(first), shownMoment(last.at)],
    ...[orNull(last.address), last.recordId],
  ];
}

function paragraphsOf({ ways, single, multifactor }: Collected['tallied']): readonly string[] {
  return [
    'Old protocols need only a password and skip multifactor authentication. Confirming an application with a code lets the sign-in continue on another device, which is also how people are tricked.',
    ...(ways.uncounted === 0
      ? []
      : [`Records of people beyond those that can be counted: ${ways.uncounted}.`]),
    ...(single + multifactor === 0
      ? []
      : [
          `Of ${single + multifactor} sign-ins whose record says which authentication was required, ${multifactor} required multifactor authentication. The other records do not say.`,
        ]),
  ];
}
