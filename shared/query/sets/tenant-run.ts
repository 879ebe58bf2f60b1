/** The records that are left of one tenant of a set, in the order of the answer, read as far as they are needed. */
import { invertedTime } from '../../index/keys.ts';
import { positionAfterAllBefore } from '../reading/cursor.ts';
import { openReader, type QueryExecution } from '../reading/execute-query.ts';
import type { RecordReader } from '../reading/merge.ts';
import { firstSlice, readAscending } from '../read-ascending.ts';
import type { FoundRecord } from '../found-record.ts';
import type { Order } from '../record-query.ts';
import type { TenantPlace, TenantResume } from './set-position.ts';

export interface TenantRun extends Pick<RecordReader, 'advance' | 'peek' | 'take'> {
  /** Where it continues if its budget was spent before the next record was found. */
  resume(): TenantResume;
}

export interface RunOptions {
  readonly order: Order;
  /** Order key of the last record returned, of any tenant. */
  readonly last: string | undefined;
  /** Records to read, evaluated before every storage request. */
  readonly wanted: () => number;
}

/** @param execution in the tenant of the place */
export async function openRun(
  execution: QueryExecution,
  place: TenantPlace,
  options: RunOptions,
): Promise<TenantRun> {
  if (options.order === 'asc') return ascendingRun(execution, ascendingStart(place, options), options);
  const { range } = execution;
  const cursors = place.stopped?.cursors ?? descendingStart(execution, place, options);
  const reader = await openReader(execution, { range, cursors, wanted: options.wanted });
  return { ...reader, resume: () => ({ cursors: reader.cursors() }) };
}

/**
 * All streams continue at the same position: each would return the records before it again. Nothing of the moment of the
 * head was returned, unless the last record returned has the same timestamp.
 */
function descendingStart(
  { plan, query }: QueryExecution,
  { head, tenantId }: TenantPlace,
  { last }: RunOptions,
): NonNullable<TenantResume['cursors']> {
  if (head === undefined) return {};
  const past = pastIn(tenantId, invertedTime(head), last);
  const names = query.filters.ids === undefined ? plan.keyPrefixes.map((_, at) => String(at)) : [''];
  return Object.fromEntries(names.map((name) => [name, { past }]));
}

function pastIn(tenantId: string, moment: string, last: string | undefined): string {
  const [position = '', of = ''] = last?.split(' ') ?? [];
  if (!position.startsWith(moment)) return moment;
  return tenantId > of ? positionAfterAllBefore(position) : position;
}

/** Where the next record is known, its moment is enough, and that is read to its end whatever is left of the budget. */
function ascendingStart({ head, next, stopped }: TenantPlace, { last }: RunOptions): TenantResume {
  if (stopped !== undefined) return stopped;
  if (head === undefined) return {};
  const slice = firstSlice(head, last);
  return { slice: next === undefined ? slice : { ...slice, width: 1 } };
}

function ascendingRun(
  execution: QueryExecution,
  start: TenantResume,
  { wanted }: Pick<RunOptions, 'wanted'>,
): TenantRun {
  let next: TenantResume | undefined = start;
  let ready: readonly FoundRecord[] = [];
  let at = 0;
  return {
    async advance() {
      if (at < ready.length) return 'record';
      if (next === undefined) return 'end';
      const page = await readAscending(execution, { top: wanted(), position: next });
      [ready, at, next] = [page.records, 0, page.next];
      if (ready.length > 0) return 'record';
      return next === undefined ? 'end' : 'blocked';
    },
    peek: () => ready[at],
    take: () => ready[at++],
    resume: () => next ?? {},
  };
}
