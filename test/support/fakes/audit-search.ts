/** Microsoft's search of the audit log in memory, with the limits and failures that it is known for. */
import type {
  AuditSearch,
  FoundPage,
  FoundRow,
  QueryStatus,
} from '../../../shared/backfills/audit-search.ts';
import type { Window } from '../../../shared/activity/windows.ts';
import { UpstreamError } from '../../../shared/errors.ts';

interface FakeQuery {
  readonly id: string;
  readonly name: string;
  readonly window: Window;
  readonly created: number;
}

/** What tests may change at any time. */
export interface FakeSearchRules {
  pageSize: number;
  /** Until a query has ended. */
  runsMs: number;
  /** Records that a query shows at most. */
  limit: number;
  /** Pages fail after so many rows; 0: never. */
  failsAfter: number;
  /** Queries that may run at once. */
  atOnce: number;
  /** Queries that end as failed: so many of the next ones. */
  failures: number;
  /** The first readings of a query, so many, leave out rows. */
  unsteadyReads: number;
  /** The first readings of a query, so many, show this many rows at most, and nothing says so. */
  withholds: { readonly reads: number; readonly rows: number };
  /** Refuses every call. */
  refusal: UpstreamError | undefined;
}

const usual: FakeSearchRules = {
  ...{ pageSize: 3, runsMs: 0, limit: 1_000_000, failsAfter: 0, atOnce: 10 },
  ...{ failures: 0, unsteadyReads: 0, refusal: undefined },
  withholds: { reads: 0, rows: 0 },
};

/** @param now the clock by which queries run */
export function createFakeAuditSearch(now: () => Date) {
  const rules: FakeSearchRules = { ...usual };
  const log: { readonly time: number; readonly row: FoundRow }[] = [];
  const queries: (FakeQuery & { readonly fails: boolean })[] = [];
  const readings = new Map<string, number>();
  const hasEnded = ({ created }: FakeQuery) => now().getTime() - created >= rules.runsMs;
  const foundBy = ({ window }: FakeQuery) =>
    log.filter(({ time }) => time >= window.start.getTime() && time < window.end.getTime());
  const answer = async <T>(value: () => T): Promise<T> => {
    if (rules.refusal !== undefined) throw rules.refusal;
    return await Promise.resolve(value());
  };
  const statusOf = (query: (typeof queries)[number]): QueryStatus => {
    const found = foundBy(query).length;
    const state = !hasEnded(query) ? 'waiting' : query.fails ? 'failed' : 'succeeded';
    const records = state === 'succeeded' ? Math.min(found, rules.limit) : undefined;
    return { state, records, isCutShort: state === 'succeeded' && found > rules.limit };
  };
  const beginReading = (queryId: string): number => {
    const reading = (readings.get(queryId) ?? 0) + 1;
    readings.set(queryId, reading);
    return reading;
  };
  function* read(queryId: string, from: string | undefined): Generator<FoundPage> {
    const query = queries.find(({ id }) => id === queryId);
    if (query === undefined) throw new UpstreamError('gone', 'NotFound', 'There is no such query.');
    const place = from ?? `0_${beginReading(queryId)}`;
    const [start = 0, reading = 0] = place.split('_').map(Number);
    const { reads, rows: shown } = rules.withholds;
    const all = foundBy(query).slice(0, reading <= reads ? shown : rules.limit);
    const rows = reading <= rules.unsteadyReads ? all.filter((_, index) => index % 5 !== reading % 5) : all;
    for (let at = start; ; at += rules.pageSize) {
      if (rules.failsAfter > 0 && at >= rules.failsAfter)
        throw new UpstreamError('retry', 'UnknownError', 'Microsoft Graph answered 500.');
      const isLast = at + rules.pageSize >= rows.length;
      const page = rows.slice(at, at + rules.pageSize).map(({ row }) => row);
      yield { rows: page, next: isLast ? undefined : `${at + rules.pageSize}_${reading}` };
      if (isLast) return;
    }
  }
  const search: AuditSearch = {
    ensureAllowed: () => answer(() => undefined),
    create: (_tenant, { name, window }) =>
      answer(() => {
        if (queries.filter((query) => !hasEnded(query)).length >= rules.atOnce)
          throw new UpstreamError('pause', 'TooManyRequests', 'Too many.', { retryAfterMs: 60_000 });
        const id = `query-${queries.length + 1}`;
        queries.push({ id, name, window, created: now().getTime(), fails: rules.failures-- > 0 });
        return id;
      }),
    find: (_tenant, name) => answer(() => queries.find((query) => query.name === name)?.id),
    status: (_tenant, queryId) =>
      answer(() => {
        const query = queries.find(({ id }) => id === queryId);
        return query === undefined ? { state: 'gone', isCutShort: false } : statusOf(query);
      }),
    async *pages(_tenant, { queryId, from, idsOnly = false }, budget) {
      for (const page of read(queryId, from)) {
        await answer(() => undefined);
        yield idsOnly ? { ...page, rows: page.rows.map(({ id }) => ({ id, fields: undefined })) } : page;
        if (budget.aborted) throw new UpstreamError('retry', 'BudgetSpent', 'A list did not end.');
      }
    },
  };
  return {
    ...search,
    rules,
    queries,
    /** Adds records to the audit log. */
    log(texts: readonly string[]) {
      for (const text of texts) {
        const fields = Object.fromEntries(Object.entries(JSON.parse(text) as object));
        const time = new Date(`${String(fields['CreationTime'])}Z`).getTime();
        log.push({ time, row: { id: String(fields['Id']), fields } });
      }
      log.sort((one, other) => one.time - other.time);
    },
  };
}
