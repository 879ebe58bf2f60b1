/** Answers one page about the records of a tenant: what it shows, how complete it is, how to continue. */
import { checkLeavesRoom, withParameter } from '../http/address-length.ts';
import type { NameDirectory } from '../tenants/name-directory.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import { endOfComplete, withEnd } from './complete-range.ts';
import { asOfFirstPage, missingIn, type Completeness } from './completeness.ts';
import type { CountQuery } from './count-query.ts';
import { countRecords } from './count-records.ts';
import { withKnownNames } from './known-names.ts';
import { createTextRoom, maxExpanded } from './expand-texts.ts';
import { listRecords } from './list-records.ts';
import { publicRecord } from './public-record.ts';
import { costHeaders, linkToNext, tokenNameOf } from './page-links.ts';
import type { ReadCost } from './reading/budget.ts';
import type { QueryDeps } from './reading/execute-query.ts';
import type { PageTokens } from './page-tokens.ts';
import type { QueryPosition } from './record-page.ts';
import { expandedJson, listJson } from './record-json.ts';
import type { RecordQuery } from './record-query.ts';

export interface AnswerPageDeps extends QueryDeps {
  readonly pageTokens: PageTokens;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
  readonly names: NameDirectory;
}

/** A page requested by a caller who may read the tenant. */
export interface PageRequest<Query> {
  readonly tenant: StoredTenant;
  readonly query: Query;
  /** Absolute, as requested: the next link repeats it. */
  readonly url: string;
}

/**
 * Records of one tenant; serialized if they have their texts, which stay as delivered.
 * @throws RequestError 400 InvalidSkipToken, 414 when the link to the next page would be too long
 * @throws Error when storage fails
 */
export async function answerRecords(deps: AnswerPageDeps, request: PageRequest<RecordQuery>) {
  const { page, status, headers, room } = await readRecordPage(deps, request);
  const { select } = request.query;
  if (room !== undefined) {
    const value = page.records.map((record) =>
      expandedJson(record, room, (one) => publicRecord(one, select)),
    );
    return { json: listJson(value, status), headers };
  }
  const value = page.records.map((record) => publicRecord(record, select));
  return { body: { value, ...status }, headers };
}

/** Counts of one part of the records; following next links counts them all. @throws as {@link answerRecords} */
export async function answerCounts(deps: AnswerPageDeps, request: PageRequest<CountQuery>) {
  const { groupBy, top } = request.query;
  const { tenantId } = request.tenant;
  const filters = await withKnownNames(deps.names, [tenantId], request.query.filters);
  // The token is bound to groupBy, so that the token of a list does not continue a count.
  const { page, status, headers } = await readPage(deps, request, { ...filters, groupBy }, (position, end) =>
    countRecords(deps, { tenantId, filters: withEnd(filters, end), groupBy, top, position }),
  );
  const { groups: value, other, total } = page;
  const covers = { from: page.covers.from?.toISOString(), to: page.covers.to.toISOString() };
  return { body: { value, other, total, covers, ...status }, headers };
}

async function readRecordPage(deps: AnswerPageDeps, request: PageRequest<RecordQuery>) {
  const { order, withTexts } = request.query;
  const room = withTexts ? createTextRoom(deps) : undefined;
  const top = withTexts ? Math.min(request.query.top, maxExpanded) : request.query.top;
  const { tenantId } = request.tenant;
  // The token is bound to the names as well: with others, its cursors would be of other streams.
  const filters = await withKnownNames(deps.names, [tenantId], request.query.filters);
  // Oldest first, many more rows are held than a page has.
  const options = { tenantId, top, order, room, withTexts: withTexts && order === 'desc' };
  const answer = await readPage(deps, request, { ...filters, order }, (position, end) =>
    listRecords(deps, { ...options, filters: withEnd(filters, end), position }),
  );
  return { ...answer, room };
}

type Page = ReadCost & { readonly next?: QueryPosition | undefined };

/**
 * @param bound everything that must be the same on the next page: its token is bound to that
 * @param read with the end of what is complete, where that is requested
 */
async function readPage<P extends Page>(
  deps: AnswerPageDeps,
  { tenant, query, url }: PageRequest<Pick<RecordQuery, 'filters' | 'skipToken' | 'dialect'>>,
  bound: object,
  read: (position: QueryPosition, end: Date) => Promise<P>,
) {
  const started = performance.now();
  const tokenName = tokenNameOf(url);
  checkLeavesRoom(url, tokenName);
  const { skipToken, dialect, filters } = query;
  const { tenantId } = tenant;
  const position = skipToken === undefined ? {} : await deps.pageTokens.open(skipToken, tenantId, bound);
  // Before the page: it must not be called complete for what was indexed while it was read.
  const known = await deps.completeness(tenant);
  const completeTo = filters.to === 'complete' ? endOfAll(filters, position, known) : undefined;
  const end = completeTo ?? position.snapshot ?? deps.now();
  const page = await read(position, end);
  const { completeThrough, ...others } = asOfFirstPage(known, position);
  const range = { from: filters.from, to: withEnd(filters, end).to ?? end };
  const next = page.next && { ...page.next, completeThrough, completeTo };
  const token = next && (await deps.pageTokens.seal(next, tenantId, bound));
  return {
    page,
    status: {
      ...linkToNext(dialect, token && withParameter(url, tokenName, token)),
      completeThrough: completeThrough?.toISOString(),
      ...missingIn({ completeThrough, ...others }, range),
    },
    headers: costHeaders(page, performance.now() - started),
  };
}

/** Of the first page, for all pages. */
function endOfAll(
  filters: RecordQuery['filters'],
  { completeTo }: QueryPosition,
  { completeThrough }: Completeness,
): Date {
  return completeTo ?? endOfComplete(filters, completeThrough);
}
