/** An attack in words. */
import { counted, shownMoment, type Collected } from './collected.ts';
import type { Finding } from './findings.ts';

type NameOf = Collected['nameOf'];

export function sentenceOf(finding: Finding, nameOf: NameOf): string {
  return [
    whatHappened(finding, nameOf),
    ...furtherTimes(finding),
    ...howUsual(finding),
    ...what(finding, nameOf),
  ].join(' ');
}

function whatHappened({ kind, subject, most, mostAt }: Finding, nameOf: NameOf): string {
  const moment = shownMoment(mostAt);
  if (kind === 'spray') return `${most} people failed to sign in from ${subject} on ${moment.slice(0, 10)}.`;
  const when = `within the hour from ${moment.slice(0, 16).replace('T', ' ')}`;
  const name = nameOf(subject);
  if (kind === 'burst') return `${name} failed to sign in ${most} times ${when}.`;
  return `${name} did not pass multifactor authentication ${most} times ${when}: someone may know the password.`;
}

function furtherTimes({ kind, times, failures }: Finding): readonly string[] {
  if (times === 1) return [];
  const further =
    kind === 'spray'
      ? counted(times - 1, 'further day', 'further days')
      : counted(times - 1, 'further hour', 'further hours');
  return [`It was similar in ${further}, with ${failures} failures in all.`];
}

/** Where it came from. */
function howUsual({ kind, parts }: Finding): readonly string[] {
  const addresses = new Set(parts.map(({ address }) => address)).size;
  const usual = parts.filter(({ isUsual, failures }) => isUsual && failures > 0).length;
  if (kind === 'spray')
    return usual === 0
      ? []
      : [`${usual} of them had signed in from its network before this range, as in an office.`];
  const known =
    usual === 0 ? '' : `, ${usual} of them in networks that the person had used before this range`;
  return addresses === 1 && usual === 0
    ? []
    : [`It came from ${counted(addresses, 'address', 'addresses')}${known}.`];
}

/** What the attack achieved. */
function what({ kind, parts, followers }: Finding, nameOf: NameOf): readonly string[] {
  const accepted =
    kind === 'refusals' ? [] : parts.filter((part) => part.accepted > 0).map(({ person }) => person);
  const dangerous = followers.filter(({ isUsual }) => !isUsual).map(({ person }) => person);
  const usual = new Set(followers.filter(({ isUsual }) => isUsual).map(({ person }) => person)).size;
  return [
    ...(accepted.length === 0
      ? []
      : [
          `A password or a session was right, and something after it stopped the sign-in: ${listed(accepted, nameOf)}.`,
        ]),
    ...(dangerous.length === 0
      ? []
      : [`Afterwards, these signed in from there: ${listed(dangerous, nameOf)}.`]),
    ...(followers.some(({ isUnknown }) => isUnknown)
      ? [
          'Records of the 28 days before may be missing, so it is not known whether they had used its network.',
        ]
      : []),
    ...(usual === 0
      ? []
      : [`${counted(usual, 'person', 'people')} who had used this network before signed in afterwards.`]),
  ];
}

const mostNames = 5;

function listed(people: readonly string[], nameOf: NameOf): string {
  const names = [...new Set(people.map(nameOf))];
  const shown = names.slice(0, mostNames).join(', ');
  return names.length > mostNames ? `${shown}, and ${names.length - mostNames} more` : shown;
}
