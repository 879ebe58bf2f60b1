/** What looks like an attack, and whether someone got in. */
import type { Cell, Section } from '../../document.ts';
import { thresholds } from './attacks.ts';
import { counted, orNull, shownMoment, type Collected } from './collected.ts';
import { sentenceOf } from './finding-sentence.ts';
import { findingsOf, type Finding } from './findings.ts';
import { findingsTable } from './tables.ts';

const kinds: Readonly<Record<Finding['kind'], string>> = {
  spray: 'many people from one address',
  burst: 'many failures of one person',
  refusals: 'multifactor authentication not passed',
};

export function findingsSection(collected: Collected): Section {
  return {
    name: 'findings',
    title: 'What looks like an attack',
    paragraphs: [...figuresOf(collected), rule, ...beyondLimits(collected)],
    tables: [
      { ...findingsTable, rows: findingsOf(collected).map((one) => rowOf(one, collected)), omitted: 0 },
    ],
    charts: [],
  };
}

function rowOf(finding: Finding, { nameOf }: Collected): readonly Cell[] {
  const { severity, kind, subject, failures, parts, followers, first, last } = finding;
  const dangerous = followers.filter(({ isUsual }) => !isUsual);
  const [follower] = dangerous;
  const isOfOneAddress = new Set(parts.map(({ address }) => address)).size === 1;
  const person = kind === 'spray' ? follower?.person : subject;
  const address = follower?.address ?? (isOfOneAddress ? (parts[0]?.address ?? '') : '');
  return [
    ...[severity, kinds[kind], person === undefined ? null : nameOf(person)],
    orNull(kind === 'spray' ? subject : address),
    sentenceOf(finding, nameOf),
    ...[failures, new Set(parts.map((part) => part.person)).size],
    new Set(dangerous.map((one) => one.person)).size,
    ...[shownMoment(first.at), shownMoment(last.at), (follower?.first ?? last).recordId],
  ];
}

const rule = `Found are addresses from which at least ${thresholds.spray} people failed to sign in on one day in UTC, and people who failed at least ${thresholds.burst} times, or did not pass multifactor authentication at least ${thresholds.refusals} times, within one hour in UTC. Failures of applications and their settings are left out. It is critical if someone signed in from such an address between the first failure of such a day or hour and 24 hours after its last one, who had not signed in from its network in the 28 days before this range. Where records of those days may be missing, it is a warning.`;

function figuresOf({ isCollected, tallied }: Collected): readonly string[] {
  const sum = (of: 'signedIn' | 'failed') => tallied.days.entries.reduce((all, [, day]) => all + day[of], 0);
  const people = tallied.people.entries.length;
  const atLeast = tallied.people.uncounted > 0 ? 'at least ' : '';
  return [
    ...(isCollected
      ? []
      : [
          'Records of sign-ins are not collected from this tenant: the content type Audit.AzureActiveDirectory is not selected.',
        ]),
    `${counted(sum('signedIn'), 'sign-in', 'sign-ins')} and ${counted(sum('failed'), 'failure', 'failures')} of ${atLeast}${counted(people, 'person', 'people')}.`,
    ...(tallied.unnamed === 0
      ? []
      : [`Records that do not say whose sign-in it was, and are not counted: ${tallied.unnamed}.`]),
  ];
}

function beyondLimits({ uncounted, attacks, followers }: Collected): readonly string[] {
  const said = (count: number, text: string) => (count === 0 ? [] : [`${text}: ${count}.`]);
  return [
    ...said(uncounted.uncounted, 'Failures that were not examined, because there were too many on one day'),
    ...said(
      uncounted.uncountedAccepted,
      'Interrupted sign-ins that were not compared with failures, because there were too many on one day',
    ),
    ...said(
      attacks.attacks.uncounted,
      'Days and hours that look like attacks, beyond those that can be listed',
    ),
    ...said(
      attacks.parts.uncounted,
      'Addresses and people of these attacks beyond those that can be compared',
    ),
    ...said(followers.uncounted, 'Further sign-ins from addresses of these attacks'),
  ];
}
