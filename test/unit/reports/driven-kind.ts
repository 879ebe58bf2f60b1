/** Runs a kind of report over records in memory, as the frame does: scan by scan, newest first. */
import { compareTexts } from '../../../shared/compare-texts.ts';
import type { FoundRecord } from '../../../shared/query/found-record.ts';
import { createMatcher } from '../../../shared/query/matching/match.ts';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import type { Section } from '../../../shared/reports/document.ts';
import type { GivenInputs, Needed } from '../../../shared/reports/report-inputs.ts';
import type { OpenedCollector, ReportKind, Scan } from '../../../shared/reports/report-kind.ts';
import { sha256Of } from '../../../shared/sha256.ts';

export interface StoredRecord {
  readonly record: FoundRecord;
  readonly text: Buffer;
}

/** A delivered record as the index knows it. */
export function storedRecord(text: Buffer): StoredRecord {
  const { id, createdDateTime, summary } = parseRecord(text);
  const record: FoundRecord = {
    ...{ tenantId: 't', id, createdDateTime: createdDateTime ?? new Date(0), summary },
    ...{ createdSource: 'record', contentType: 'Audit.General', source: 'feed', isLegacy: false },
    ingestedDateTime: new Date(0),
  };
  return { record, text };
}

/** The inputs that all kinds have: of a report about March 2026, made the day after, in which nothing is missing. */
export const march: GivenInputs<Record<string, never>> = {
  tenant: { tenantId: 't', displayName: 'Fabrikam' },
  range: { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') },
  options: {},
  now: new Date('2026-04-02T00:00:00Z'),
  limits: { rows: 1000, keys: 10_000 },
  completeness: { isPartial: false, isPending: false, hasGaps: false, gaps: [], gapsOmitted: 0 },
};

type Given = GivenInputs<unknown> & Partial<Needed>;

export interface DriveOptions {
  /** The collector is replaced by one with its state after each of so many steps. */
  readonly resumedAfter?: readonly number[];
  /** Newest first by default, as the frame reads. */
  readonly order?: (a: StoredRecord, b: StoredRecord) => number;
}

/** Newest first; those of the same second in an order that only the salt decides. */
export function shuffledSeconds(salt: number): NonNullable<DriveOptions['order']> {
  return (a, b) => compareAges(a, b) || shuffled(salt)(a, b);
}

/** An order that only the salt decides. */
export function shuffled(salt: number): NonNullable<DriveOptions['order']> {
  const rank = ({ record }: StoredRecord) => sha256Of(`${salt} ${record.id}`);
  return (a, b) => compareTexts(rank(a), rank(b));
}

function compareAges(a: StoredRecord, b: StoredRecord): number {
  return b.record.createdDateTime.getTime() - a.record.createdDateTime.getTime();
}

function newestFirst(a: StoredRecord, b: StoredRecord): number {
  return compareAges(a, b) || compareTexts(a.record.id, b.record.id);
}

/** Every scan is taken down, so that tests see what was read. */
export interface Driven {
  readonly sections: readonly Section[];
  readonly scans: readonly Scan[];
}

export function driveKind(
  kind: ReportKind,
  given: Given,
  stored: readonly StoredRecord[],
  options: DriveOptions = {},
): Driven {
  const byAge = stored.toSorted(options.order ?? newestFirst);
  const scans: Scan[] = [];
  let [collector, step] = [open(kind, given), 0];
  const stepped = () => {
    step += 1;
    if (options.resumedAfter?.includes(step) === true) collector = open(kind, given, collector.state());
  };
  for (let scan = collector.next(); scan !== undefined; scan = collector.next()) {
    scans.push(scan);
    const matches = createMatcher({ ...given.range, ...scan.filters });
    for (const { record, text } of byAge.filter((one) => matches(one.record) === true)) {
      collector.add(record, scan.withTexts ? text : undefined);
      stepped();
    }
    collector.endScan();
    stepped();
  }
  return { sections: collector.sections(), scans };
}

function open(kind: ReportKind, given: Given, state?: string): OpenedCollector {
  const collector = kind.open(given, state);
  if (collector === undefined) throw new Error('The collector does not fit its own state.');
  return collector;
}

/** Rows of a table by the names of its columns. */
export function rowsOf(sections: readonly Section[], table: string) {
  const found = sections.flatMap(({ tables }) => tables).find(({ name }) => name === table);
  const names = found?.columns.map(({ name }) => name) ?? [];
  return (found?.rows ?? []).map((row) => Object.fromEntries(row.map((cell, at) => [names[at] ?? '', cell])));
}
