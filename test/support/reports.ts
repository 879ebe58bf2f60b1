/** Invented kinds of reports, for tests of what all kinds have in common. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { createMatcher } from '../../shared/query/matching/match.ts';
import type { ExportedRecord, RecordPages } from '../../shared/exports/record-pages.ts';
import { newOperationId } from '../../shared/operations/operation.ts';
import type { Cell } from '../../shared/reports/document.ts';
import {
  reportKind,
  type ListedKind,
  type Collector,
  type ReportKind,
} from '../../shared/reports/report-kind.ts';
import { reportOperationKind, type ReportOperation } from '../../shared/reports/report.ts';

export const reportStart = new Date('2026-03-10T12:00:00.000Z');
export const reportRange = {
  from: new Date('2026-03-01T00:00:00.000Z'),
  to: new Date('2026-03-08T00:00:00.000Z'),
};

const peopleTable = {
  name: 'people',
  title: 'People',
  columns: [
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'records', title: 'Records', kind: 'count' },
    { name: 'last', title: 'Last', kind: 'moment' },
  ],
} as const;
const deletionsTable = {
  name: 'deletions',
  title: 'Deletions',
  columns: [
    { name: 'record', title: 'Record', kind: 'record' },
    { name: 'text', title: 'Text', kind: 'text' },
  ],
} as const;

const stateSchema = z.strictObject({
  scan: z.int(),
  people: z.array(z.tuple([z.string(), z.int(), z.string()])),
  deletions: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  others: z.int(),
});
type State = z.output<typeof stateSchema>;

/**
 * Counts records by person, and then reads the deletions of the busiest one with their texts: what is read second depends on
 * the first.
 */
export const inventedReportKind: ReportKind = reportKind({
  name: 'invented',
  title: 'Invented',
  description: 'Counts.',
  options: z.strictObject({ word: z.string().default('Delete') }),
  needs: ['people'],
  tables: [peopleTable, deletionsTable],
  state: stateSchema,
  open({ options, people: known, limits, completeness }, begun): Collector<State> {
    const people = new Map(begun?.people.map(([name, ...rest]) => [name, rest] as const));
    const deletions: (readonly Cell[])[] = [...(begun?.deletions ?? [])];
    let { scan, others } = begun ?? { scan: 0, others: 0 };
    const ranked = () => [...people].sort(([, [a]], [, [b]]) => b - a);
    return {
      next() {
        if (scan === 0) return { filters: {}, withTexts: false };
        const busiest = ranked()[0]?.[0];
        if (scan > 1 || busiest === undefined) return undefined;
        return { filters: { actor: [busiest], operations: [options.word] }, withTexts: true };
      },
      add({ id, createdDateTime, summary: { userId = '' } }, auditData) {
        if (scan === 1) {
          deletions.push([id, String(auditData?.['Note'])]);
          return;
        }
        const seen = people.get(userId);
        if (seen === undefined && people.size >= limits.keys) others += 1;
        else people.set(userId, [(seen?.[0] ?? 0) + 1, seen?.[1] ?? createdDateTime.toISOString()]);
      },
      endScan() {
        scan += 1;
      },
      state: () => ({
        scan,
        others,
        people: [...people].map(([name, [count, last]]) => [name, count, last]),
        deletions: deletions.map((row) => [...row]),
      }),
      sections: () => [
        {
          name: 'all',
          title: 'All',
          paragraphs: [`${known.length} people are known; ${completeness.gaps.length} gaps.`],
          tables: [
            {
              ...peopleTable,
              rows: ranked().map(([name, [count, last]]) => [name, count, last]),
              omitted: others,
            },
            { ...deletionsTable, rows: deletions, omitted: 0 },
          ],
          charts: [
            {
              name: 'busy',
              title: 'Busy people',
              kind: 'bars',
              x: {
                title: 'Person',
                values: ranked()
                  .map(([name]) => name)
                  .slice(0, 10),
              },
              series: [
                {
                  name: 'records',
                  title: 'Records',
                  values: ranked()
                    .map(([, [count]]) => count)
                    .slice(0, 10),
                },
              ],
            },
          ],
        },
      ],
    };
  },
});

export function inventedReport(changes: Partial<ReportOperation> = {}): ReportOperation {
  const { createdDateTime = reportStart } = changes;
  return {
    tenantId: randomUUID(),
    id: newOperationId(createdDateTime),
    status: 'NotStarted',
    createdBy: 'key-1',
    request: { kind: 'invented', ...reportRange, options: {} },
    createdDateTime,
    lastActionDateTime: createdDateTime,
    expiresDateTime: new Date(createdDateTime.getTime() + (reportOperationKind.keepMs ?? 0)),
    state: {
      displayName: 'Contoso',
      ingestedThrough: reportStart,
      isPartial: false,
      isPending: false,
      hasGaps: false,
      gaps: [],
      gapsOmitted: 0,
      records: 0,
    },
    ...changes,
  };
}

/** Pages of those records that pass the filters of a question. */
export function filteredPages(records: readonly ExportedRecord[], pageSize: number): RecordPages {
  return {
    page: async ({ filters }, position) => {
      const matches = createMatcher(filters);
      const wanted = records.filter(({ record }) => matches(record, undefined) === true);
      const at = Number(position ?? 0);
      const end = at + pageSize;
      const page = wanted.slice(at, end);
      await Promise.resolve();
      return end < wanted.length ? { records: page, next: String(end) } : { records: page };
    },
  };
}

/** The kind as lists of kinds have it. */
export function listed(kind: ReportKind): ListedKind {
  return { ...kind, load: () => Promise.resolve(kind) };
}
