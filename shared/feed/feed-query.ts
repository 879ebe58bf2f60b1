/** What may be asked of the feed: the filters of a list, where to begin, and where to go on. */
import { invalidParameter } from '../errors.ts';
import type { RecordFilters } from '../query/filters.ts';
import type { RecordMember } from '../records/members.ts';
import { parseRecordQuery } from '../query/record-query.ts';

export interface FeedQuery {
  readonly filters: RecordFilters;
  /** Records of one answer at most. */
  readonly top: number;
  readonly select?: readonly RecordMember[] | undefined;
  /** Absent on the first call. */
  readonly triggerState?: string | undefined;
  /** Where a first call begins: behind everything there is, or before it. */
  readonly start: 'now' | 'beginning';
}

/** Parameters of ours, which no list has. */
const ownParameters = ['triggerState', 'start', 't'] as const;
/** Parameters of lists that mean nothing here. */
const senseless: ReadonlyMap<string, string> = new Map([
  ['orderby', 'The feed has the order of ingestion, and no other.'],
  ['skiptoken', 'Follow Location: it carries triggerState.'],
]);

/** @throws RequestError 400 naming the first parameter that is unknown, repeated or malformed */
export function parseFeedQuery(query: URLSearchParams): FeedQuery {
  const rest = new URLSearchParams(query);
  const own = ownParameters.map((name) => {
    const values = query.getAll(name);
    rest.delete(name);
    if (values.length > 1) throw invalidParameter(name, `${name} is given more than once.`);
    return values[0];
  });
  for (const [name, cure] of senseless) {
    const given = [name, `$${name}`].find((written) => rest.has(written));
    if (given !== undefined) throw invalidParameter(given, `The feed has no ${given}. ${cure}`);
  }
  const [triggerState, start = 'now'] = own;
  if (start !== 'now' && start !== 'beginning') {
    throw invalidParameter(
      'start',
      'start must be now or beginning; from and to are filters on the time of events.',
    );
  }
  const { filters, top, select } = parseRecordQuery(rest);
  return { filters, top, select, triggerState, start };
}

/** What a capability to read the feed is bound to: everything that is asked, but not how far one has come. */
export function feedSubject(query: URLSearchParams): string {
  const asked = [...query].filter(([name]) => !ownParameters.some((own) => own === name));
  return new URLSearchParams(asked.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))).toString();
}
