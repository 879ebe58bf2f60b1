/** From where people signed in, and what of it is new for them. */
import type { Cell, Section } from '../../document.ts';
import { compareTexts } from '../../../compare-texts.ts';
import { pastDays } from '../../past.ts';
import { shownMoment, type Collected } from './collected.ts';
import { familiarities, type Familiarity } from './history.ts';
import { partsOf } from './keys.ts';
import { networkPrefixes } from './network.ts';
import type { Visits } from './tally.ts';
import { networksTable } from './tables.ts';

const words: Readonly<Record<Familiarity, string>> = {
  new: 'yes',
  unknown: 'unknown',
  noSignIn: 'no sign-in before',
  known: 'no',
};

interface Row extends Visits {
  readonly person: string;
  readonly network: string;
  readonly familiarity: Familiarity;
}

export function networksSection(collected: Collected): Section {
  const { tallied, familiarity, nameOf } = collected;
  const all = tallied.networks.entries.map(([key, visits]): Row => {
    const [person = '', network = ''] = partsOf(key);
    return { ...visits, person, network, familiarity: familiarity(person, network) };
  });
  const rows = all.toSorted(byDanger).map((row) => rowOf(row, nameOf(row.person)));
  return {
    name: 'networks',
    title: 'New networks',
    paragraphs: paragraphsOf(collected, all),
    tables: [{ ...networksTable, rows, omitted: 0 }],
    charts: [],
  };
}

/** New ones first, and of these the newest. */
function byDanger(a: Row, b: Row): number {
  return (
    familiarities.indexOf(a.familiarity) - familiarities.indexOf(b.familiarity) ||
    b.first.at - a.first.at ||
    compareTexts(a.person, b.person) ||
    compareTexts(a.network, b.network)
  );
}

function rowOf({ network, familiarity, signIns, first, last }: Row, name: string): readonly Cell[] {
  return [
    ...[name, network, words[familiarity], signIns, shownMoment(first.at), shownMoment(last)],
    ...[first.address, first.recordId],
  ];
}

function paragraphsOf({ pastGaps, tallied }: Collected, all: readonly Row[]): readonly string[] {
  const [isNew, noSignIn] = (['new', 'noSignIn'] as const).map(
    (wanted) => all.filter(({ familiarity }) => familiarity === wanted).length,
  );
  const said = (count: number, text: string) => (count === 0 ? [] : [`${text}: ${count}.`]);
  const { networks, nowhere } = tallied;
  return [
    `A network is a /${networkPrefixes[32]} of IPv4 or a /${networkPrefixes[128]} of IPv6. It is new for a person who signed in during the ${pastDays} days before this range, but not from it.`,
    pastGaps.length === 0
      ? `Networks that are new for a person: ${isNew ?? 0}. Those of people who did not sign in before: ${noSignIn ?? 0}.`
      : `Which networks are new is unknown, because records of the ${pastDays} days before this range may be missing. ${pastGaps.join(' ')} A network that was seen then is not new.`,
    ...said(nowhere, 'Sign-ins without an IP address'),
    ...said(networks.uncounted, 'Sign-ins of people and networks beyond those that can be counted'),
  ];
}
