/** What a run of chaos tells at its end. */
import { drawTable } from '../local/table.ts';
import type { ChaosReport } from './run.ts';

const shownProblems = 5;

export function describeReport(report: ChaosReport): string {
  const { seed, injected, outcomes, requests, peakMb, settledPercent, seconds } = report;
  const rows = [
    ...injected.map(({ name, count, detail = '' }) => [name, String(count), detail]),
    ...outcomes.map(({ name, detail, problems }) => [
      name,
      problems.length === 0 ? 'holds' : `FAILS ${problems.length} times`,
      detail,
    ]),
  ];
  return [
    drawTable(['fault or invariant', 'count or outcome', 'details'], rows),
    ...outcomes.flatMap(({ name, problems }) =>
      problems.slice(0, shownProblems).map((problem) => `${name}: ${problem}`),
    ),
    `Seed ${seed}: ${requests.service} requests to Microsoft 365, ${requests.storage} to storage, ${settledPercent}% settled under faults, ${seconds} s, ${peakMb} MiB.`,
  ].join('\n');
}

export function holds({ outcomes }: ChaosReport): boolean {
  return outcomes.every(({ problems }) => problems.length === 0);
}
