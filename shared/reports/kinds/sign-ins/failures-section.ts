/** Who failed to sign in, and why. */
import type { Cell, Section } from '../../document.ts';
import { compareTexts } from '../../../compare-texts.ts';
import { orNull, shownMoment, type Collected } from './collected.ts';
import { partsOf } from './keys.ts';
import type { Failures } from './tally.ts';
import { failuresTable } from './tables.ts';

export function failuresSection(collected: Collected): Section {
  const { failures } = collected.tallied;
  return {
    name: 'failures',
    title: 'Failed sign-ins',
    paragraphs: paragraphsOf(collected),
    tables: [
      {
        ...failuresTable,
        rows: failures.entries.toSorted(byFailures).map((one) => rowOf(one, collected)),
        omitted: 0,
      },
    ],
    charts: [],
  };
}

type Entry = Collected['tallied']['failures']['entries'][number];

function byFailures([key, one]: Entry, [otherKey, other]: Entry): number {
  return other.failures - one.failures || compareTexts(key, otherKey);
}

function rowOf(
  [key, { failures, first, last }]: readonly [string, Failures],
  { nameOf }: Collected,
): readonly Cell[] {
  const [person = '', reason = ''] = partsOf(key);
  return [
    ...[nameOf(person), reason, failures, shownMoment(first), shownMoment(last.at)],
    ...[orNull(last.address), last.recordId],
  ];
}

function paragraphsOf({ tallied: { days, failures } }: Collected): readonly string[] {
  const interrupted = days.entries.reduce((sum, [, day]) => sum + day.interrupted, 0);
  return [
    `A sign-in that was interrupted, because multifactor authentication, a choice, or a new session was needed first, does not count as a failure: ${interrupted} records.`,
    ...(failures.uncounted === 0
      ? []
      : [`Failures of people and for reasons beyond those that can be counted: ${failures.uncounted}.`]),
  ];
}
