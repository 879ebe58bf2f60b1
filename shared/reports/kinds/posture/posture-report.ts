/** The report on whether a tenant can be relied on: auditing, freshness, gaps, and what to do next. Reads no records. */
import * as z from 'zod';
import { driftOf } from '../../../enablement/posture.ts';
import { severities, type Severity } from '../../document.ts';
import { reportKind } from '../../report-kind.ts';
import { declaredPosture } from './declaration.ts';
import { findingsOf, type Finding, type PostureInputs } from './findings.ts';
import { driftTable, findingsTable, freshnessTable, mailboxesTable } from './tables.ts';

export const postureReport = reportKind({
  ...declaredPosture,
  needs: ['postures', 'collection'],
  state: z.null(),
  open: (inputs) => ({
    next: () => undefined,
    add: () => undefined,
    endScan: () => undefined,
    state: () => null,
    sections: () => [findingsSection(inputs), freshnessSection(inputs), auditingSection(inputs)],
  }),
});

function findingsSection(inputs: PostureInputs) {
  const findings = findingsOf(inputs);
  const rows = findings.map(({ severity, about, finding, next }) => [severity, about, finding, next]);
  return {
    name: 'findings',
    title: 'Findings',
    paragraphs: [summaryOf(findings)],
    tables: [{ ...findingsTable, rows, omitted: 0 }],
    charts: [],
  };
}

const nouns: Readonly<Record<Exclude<Severity, 'ok'>, string>> = {
  critical: 'critical',
  warning: 'to be fixed',
  notice: 'to be known',
};

function summaryOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing is wrong.';
  const parts = severities.flatMap((each) => {
    const count = findings.filter(({ severity }) => severity === each).length;
    return count === 0 || each === 'ok' ? [] : [`${count} ${nouns[each]}`];
  });
  return `Findings: ${parts.join(', ')}.`;
}

function freshnessSection({ collection: { contentTypes, lastPollAt } }: PostureInputs) {
  const textOf = (moment: Date | undefined) => moment?.toISOString() ?? null;
  const rows = contentTypes.map((type) => [
    type.contentType,
    textOf(type.collectedFrom),
    textOf(type.listedThrough),
    textOf(type.completeThrough),
  ]);
  return {
    name: 'freshness',
    title: 'Freshness',
    paragraphs: [
      lastPollAt === undefined
        ? 'The tenant was not polled yet.'
        : `The tenant was polled last at ${lastPollAt.toISOString()}.`,
    ],
    tables: [{ ...freshnessTable, rows, omitted: 0 }],
    charts: [],
  };
}

function auditingSection({ postures: [posture, before] }: PostureInputs) {
  const { total = 0, asWanted = 0, unknown = 0, wrong = [] } = posture?.mailboxes ?? {};
  const drift = posture === undefined || before === undefined ? [] : driftOf(before, posture);
  const paragraphs =
    posture === undefined
      ? ['Auditing was not checked before the end of this range.']
      : [
          `Checked at ${posture.takenAt}: the unified audit log is ${posture.unifiedAuditLog ? 'on' : 'off'}, and mailbox auditing is ${posture.mailboxAuditingDisabled ? 'off' : 'on'} for the organization.`,
          `Of ${total} mailboxes, ${asWanted} are audited as wanted, and ${unknown} could not be judged.`,
        ];
  return {
    name: 'auditing',
    title: 'Auditing',
    paragraphs,
    tables: [
      {
        ...mailboxesTable,
        rows: wrong.map((name) => [name]),
        omitted: Math.max(0, total - asWanted - unknown - wrong.length),
      },
      { ...driftTable, rows: drift.map((change) => [change]), omitted: 0 },
    ],
    charts: [],
  };
}
