/** Counts records by one or two of their members, in one scan within a budget. */
import { compareTexts } from '../compare-texts.ts';
import type { FoundRecord } from './found-record.ts';
import { groupValue, isTimeKey, type SetGroupKey } from './group-key.ts';
import type { ReadCost } from './reading/budget.ts';
import { executeQuery, openReader, type Query, type QueryDeps } from './reading/execute-query.ts';
import { maxPageSize } from './reading/record-stream.ts';
import type { QueryPosition } from './record-page.ts';

export interface CountOptions extends Pick<Query, 'tenantId' | 'filters'> {
  /** One or two. */
  readonly groupBy: readonly SetGroupKey[];
  /** Groups to list at most; the rest are summed up. */
  readonly top: number;
  readonly position: QueryPosition;
}

export type GroupCount = Readonly<Record<string, string | number | null>> & { readonly count: number };

/** Counts of one part of the matching records; those of all parts add up. */
export interface CountPart extends ReadCost {
  readonly groups: readonly GroupCount[];
  /** Records of groups that are not listed; absent when all are. `groups`: how many at least. */
  readonly other?: { readonly groups: number; readonly count: number } | undefined;
  readonly total: number;
  /** The range that was counted, half-open; without `from` there are no older records. */
  readonly covers: { readonly from?: Date | undefined; readonly to: Date };
  /** Absent when everything is counted. */
  readonly next?: QueryPosition | undefined;
}

/** Groups held while counting; records of further groups are counted together. */
const maxGroups = 10_000;

/** @throws when storage fails */
export async function countRecords(deps: QueryDeps, options: CountOptions): Promise<CountPart> {
  const { tenantId, filters, position } = options;
  const snapshot = position.snapshot ?? deps.now();
  const { completeThrough } = position;
  const execution = executeQuery(deps, { tenantId, filters, snapshot: position.snapshot, completeThrough });
  const { range, budget } = execution;
  const cursors = position.cursors ?? {};
  const reader = await openReader(execution, { range, cursors, wanted: () => maxPageSize });
  const tally = createTally(options);
  const to = position.countedTo ?? filters.to ?? snapshot;
  let oldest = to;
  for (;;) {
    const state = await reader.advance();
    if (state === 'end') return { ...tally.result(), covers: { from: filters.from, to }, ...budget.cost };
    if (state === 'blocked') {
      const next = { cursors: reader.cursors(), snapshot, countedTo: oldest };
      return { ...tally.result(), covers: { from: oldest, to }, next, ...budget.cost };
    }
    const record = reader.take();
    if (record === undefined) continue;
    tally.add(record);
    oldest = record.createdDateTime;
  }
}

interface Group {
  readonly shown: readonly (string | number | null)[];
  readonly same: string;
  count: number;
}

/** Counts records as they are added. */
export function createTally({ groupBy, top }: Pick<CountOptions, 'groupBy' | 'top'>) {
  const groups = new Map<string, Group>();
  const beyond = { groups: 0, count: 0 };
  let total = 0;
  return {
    add(record: FoundRecord): void {
      total++;
      const values = groupBy.map((key) => groupValue(key, record));
      const same = JSON.stringify(values.map((value) => value.same));
      const group = groups.get(same);
      if (group !== undefined) group.count++;
      else if (groups.size < maxGroups) {
        groups.set(same, { shown: values.map(({ shown }) => shown ?? null), same, count: 1 });
      } else {
        // Their values are not kept, so they count as one group.
        beyond.groups = 1;
        beyond.count++;
      }
    },
    result() {
      const ranked = [...groups.values()].sort((a, b) => b.count - a.count || compareTexts(a.same, b.same));
      const [shown, rest] = [ranked.slice(0, top), ranked.slice(top)];
      const other = {
        groups: rest.length + beyond.groups,
        count: rest.reduce((sum, { count }) => sum + count, beyond.count),
      };
      const inOrder = isTimeKey(groupBy[0] ?? 'operation') ? shown.sort(byShown) : shown;
      const counts = inOrder.map((group) => toCount(groupBy, group));
      return { groups: counts, total, other: other.count === 0 ? undefined : other };
    },
  };
}

function toCount(groupBy: readonly SetGroupKey[], { shown, count }: Group): GroupCount {
  return { ...Object.fromEntries(groupBy.map((key, at) => [key, shown[at] ?? null])), count };
}

function byShown(a: Group, b: Group): number {
  return compareTexts(String(a.shown[0]), String(b.shown[0])) || b.count - a.count;
}
