/** What is wrong with the collection of a tenant, and what to do next; the worst first. */
import { findProblems, type Posture, type Problem } from '../../../enablement/posture.ts';
import { severities, type Severity } from '../../document.ts';
import type { ReportInputs } from '../../report-inputs.ts';

export type PostureInputs = Pick<
  ReportInputs<unknown, 'postures' | 'collection'>,
  'postures' | 'collection' | 'completeness' | 'range' | 'now'
>;

export interface Finding {
  readonly severity: Severity;
  readonly about: 'Access' | 'Auditing' | 'Collection' | 'Gaps';
  readonly finding: string;
  readonly next: string;
}

const hourMs = 60 * 60_000;
/** Postures are taken daily: an older one shows that the checks fail. */
const oldPostureMs = 3 * 24 * hourMs;
/** Microsoft delivers most records within hours. */
const lateMs = 24 * hourMs;
/** Content is available for seven days: what is behind by so much is about to be lost. */
const nearlyLostMs = 5 * 24 * hourMs;

export function findingsOf(inputs: PostureInputs): readonly Finding[] {
  const all = [...accessOf(inputs), ...auditingOf(inputs), ...collectionOf(inputs), ...gapsOf(inputs)];
  return all.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

function accessOf({ collection: { state, checks } }: PostureInputs): readonly Finding[] {
  const about = 'Access';
  const inactive: readonly Finding[] =
    state === 'Active'
      ? []
      : [
          {
            severity: 'critical',
            about,
            finding: `Nothing is collected: the state of the tenant is ${state}.`,
            next: 'Send its administrator the consent link of the tenant.',
          },
        ];
  const failed = checks.filter((check) => check.state === 'Failed');
  return [
    ...inactive,
    ...failed.map(({ name, message, cure }): Finding => ({
      severity: name === 'consent' ? 'critical' : 'warning',
      about,
      finding: `The check ${name} failed${message === undefined ? '.' : `: ${message}`}`,
      next: cure ?? 'Check the tenant again.',
    })),
  ];
}

function auditingOf({ postures: [posture], now, range }: PostureInputs): readonly Finding[] {
  const about = 'Auditing';
  if (posture === undefined) {
    const finding = 'Whether auditing is on was not checked before the end of this range.';
    return [{ severity: 'warning', about, finding, next: 'Wait for the daily check of an active tenant.' }];
  }
  const isOver = range.to <= now;
  // What was known at the end of the range is not old because the report came later.
  const ageMs = (isOver ? range.to : now).getTime() - Date.parse(posture.takenAt);
  const old: readonly Finding[] =
    ageMs <= oldPostureMs
      ? []
      : [
          {
            severity: 'warning',
            about,
            finding: `Auditing was last checked ${Math.floor(ageMs / (24 * hourMs))} days before ${isOver ? 'the end of this range' : 'this report'}.`,
            next: 'Find out why the daily checks fail: see the checks of the tenant.',
          },
        ];
  return [...problemsIn(posture), ...old];
}

function problemsIn(posture: Posture): readonly Finding[] {
  return findProblems(posture).map(({ about, text: finding }) => ({
    about: 'Auditing',
    finding,
    ...whatToDo[about],
  }));
}

const enable = 'Start an enablement, which turns auditing on step by step.';
const unreadable = 'Compare them in Exchange, and report the form that cannot be read.';
const whatToDo: Readonly<Record<Problem['about'], Pick<Finding, 'severity' | 'next'>>> = {
  organization: { severity: 'critical', next: enable },
  mailboxes: { severity: 'warning', next: enable },
  actions: { severity: 'notice', next: 'Check the licenses of these mailboxes.' },
  unreadableMailboxes: { severity: 'notice', next: unreadable },
  bypasses: {
    severity: 'warning',
    next: 'Start an enablement that removes bypasses, unless this one is intended.',
  },
  unreadableBypasses: { severity: 'notice', next: unreadable },
  feed: { severity: 'critical', next: 'Check the tenant, which starts subscriptions that are missing.' },
};

function collectionOf({ collection, completeness, now }: PostureInputs): readonly Finding[] {
  const { pending, rejected, unindexedLandings, lastError } = collection;
  const one = (isFound: boolean, severity: Severity, finding: string, next: string): readonly Finding[] =>
    isFound ? [{ severity, about: 'Collection', finding, next }] : [];
  return [
    ...latenessOf(completeness.completeThrough, now),
    ...one(
      lastError !== undefined,
      'warning',
      `The last poll failed: ${lastError ?? ''}`,
      'Wait for the next one; if it fails as well, see the checks of the tenant.',
    ),
    ...one(
      rejected > 0,
      'warning',
      `Of ${rejected} content blobs, the body could not be read as a whole.`,
      'List the rejected bodies of the tenant, and release them or give them up.',
    ),
    ...one(
      pending > 0,
      'notice',
      `${pending} content blobs could not be fetched yet.`,
      'Nothing: they are fetched again.',
    ),
    ...one(
      unindexedLandings > 0,
      'notice',
      `${unindexedLandings} landings are not indexed yet.`,
      'Nothing, unless the number stays: then list the poison messages.',
    ),
  ];
}

function latenessOf(completeThrough: Date | undefined, now: Date): readonly Finding[] {
  const about = 'Collection';
  if (completeThrough === undefined) {
    const finding = 'Not everything that is collected has been listed yet, so nothing is complete.';
    return [{ severity: 'critical', about, finding, next: 'See the checks of the tenant.' }];
  }
  const lateBy = now.getTime() - completeThrough.getTime();
  if (lateBy <= lateMs) return [];
  return [
    {
      severity: lateBy > nearlyLostMs ? 'critical' : 'warning',
      about,
      finding: `Records are complete through ${completeThrough.toISOString()}, ${Math.floor(lateBy / hourMs)} hours before this report.`,
      next: 'See the ingestion of the tenant: it says which content type is behind. Microsoft deletes content after seven days.',
    },
  ];
}

/** One for each reason: there may be hundreds of the same. */
function gapsOf({ completeness: { gaps, gapsOmitted } }: PostureInputs): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const { reason } of gaps) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const more =
    gapsOmitted === 0 ? '' : ` There are ${gapsOmitted} gaps in addition to those that are listed.`;
  return [...counts].map(([reason, count]) => ({
    severity: 'warning',
    about: 'Gaps',
    finding: count === 1 ? reason : `${count} times: ${reason}`,
    next: `List the gaps of the tenant: each says what to do. A backfill finds what is from before collection.${more}`,
  }));
}
