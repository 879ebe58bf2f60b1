/** Answers counts of the records of a set of tenants, part by part. */
import type { SetSource } from '../../access/open-set.ts';
import type { CountQuery } from '../count-query.ts';
import type { SetGroupKey } from '../group-key.ts';
import { costHeaders, linkToNext } from '../page-links.ts';
import type { AnswerSetDeps } from './answer-set.ts';
import { countRecordsOfSet, type SetCounts } from './count-records-of-set.ts';
import { setFilters, statusOf } from './set-answers.ts';
import { readSetPage } from './set-page.ts';

export interface CountSetRequest {
  readonly set: SetSource;
  readonly query: CountQuery<SetGroupKey>;
  /** Absolute, as requested: the next link repeats it. */
  readonly url: string;
}

/**
 * Counts of one part of the tenants' records; following next links counts them all.
 * @throws RequestError 400 InvalidSkipToken, 404 for a tenant that the caller has no access to, 414 when the link to the
 *   next page would be too long
 * @throws Error when storage fails
 */
export async function answerCountsOfSet(deps: AnswerSetDeps, { set, query, url }: CountSetRequest) {
  const started = performance.now();
  const { groupBy, top, skipToken, dialect } = query;
  const asked = { set, url, skipToken, bound: { ...query.filters, groupBy } };
  const { page, nextLink } = await readSetPage(deps.setTokens, asked, async (open, start) => {
    const { position, ...filters } = await setFilters(deps, { open, start, filters: query.filters });
    const read = { ...filters, groupBy, top };
    return await countRecordsOfSet({ ...deps, tenantOf: open.tenantOf }, read, position);
  });
  const { other, total, end } = page;
  const covers = { from: query.filters.from?.toISOString(), to: end?.toISOString() };
  const rest = { other, total, covers, ...linkToNext(dialect, nextLink), ...statusOf(page) };
  return {
    body: { value: namedGroups(page), ...rest },
    headers: costHeaders(page, performance.now() - started),
  };
}

/** Groups of tenants also have the names of these. */
function namedGroups({ groups, tenants }: SetCounts) {
  const names = new Map<unknown, string>(tenants.map(({ tenant }) => [tenant.tenantId, tenant.displayName]));
  return groups.map(({ count, ...group }) => {
    const tenantDisplayName = names.get(group['tenantId']);
    return tenantDisplayName === undefined ? { ...group, count } : { ...group, tenantDisplayName, count };
  });
}
