/** Answers one page about the records of one or several tenants: what it shows, how complete it is, how to continue. */
import pMap from 'p-map';
import { checkLeavesRoom, withParameter } from '../http/address-length.ts';
import type { Dialect } from '../http/parameters.ts';
import { wholeText } from '../records/delivered-text.ts';
import type { NameDirectory } from '../tenants/name-directory.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import { endOfComplete, withEnd } from './complete-range.ts';
import { asOfFirstPage, earliestOfAll, missingIn, missingOfAll, type Completeness } from './completeness.ts';
import type { CountQuery } from './count-query.ts';
import { countRecords } from './count-records.ts';
import { withKnownNames } from './known-names.ts';
import { createTextRoom, maxExpanded, type TextRoom } from './expand-texts.ts';
import { completedFromText, type FoundRecord } from './found-record.ts';
import { listRecords } from './list-records.ts';
import { publicRecord } from './public-record.ts';
import type { ReadCost } from './reading/budget.ts';
import type { QueryDeps } from './reading/execute-query.ts';
import type { PageTokens } from './page-tokens.ts';
import type { QueryPosition } from './record-page.ts';
import { listJson, withAuditData } from './record-json.ts';
import type { RecordQuery } from './record-query.ts';

export interface AnswerPageDeps extends QueryDeps {
  readonly pageTokens: PageTokens;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
  readonly names: NameDirectory;
}

/** A page requested by a caller who may read all of its tenants. */
export interface PageRequest<Query> {
  /** Distinct; records of several are merged by time. */
  readonly tenants: readonly StoredTenant[];
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

/** Records of several tenants, each with its tenant. @throws as {@link answerRecords} */
export async function answerRecordsOfTenants(deps: AnswerPageDeps, request: PageRequest<RecordQuery>) {
  const { page, status, tenants, headers, room } = await readRecordPage(deps, request);
  const { select } = request.query;
  const show = (record: FoundRecord) => ({ tenantId: record.tenantId, ...publicRecord(record, select) });
  if (room !== undefined) {
    const value = page.records.map((record) => expandedJson(record, room, show));
    return { json: listJson(value, { ...status, tenants }), headers };
  }
  return { body: { value: page.records.map(show), ...status, tenants }, headers };
}

function expandedJson(record: FoundRecord, room: TextRoom, show: (record: FoundRecord) => object): string {
  const text = room.textOf(record);
  if (text === undefined) return JSON.stringify(show(record));
  return withAuditData(show(completedFromText(record, wholeText(text))), text);
}

/** Counts of one part of the records; following next links counts them all. @throws as {@link answerRecords} */
export async function answerCounts(deps: AnswerPageDeps, request: PageRequest<CountQuery>) {
  const { groupBy, top } = request.query;
  const tenantIds = idsOf(request.tenants);
  const filters = await withKnownNames(deps.names, tenantIds, request.query.filters);
  // The token is bound to groupBy, so that the token of a list does not continue a count.
  const { page, status, headers } = await readPage(deps, request, { ...filters, groupBy }, (position, end) =>
    countRecords(deps, { tenantIds, filters: withEnd(filters, end), groupBy, top, position }),
  );
  const { groups: value, other, total } = page;
  const covers = { from: page.covers.from?.toISOString(), to: page.covers.to.toISOString() };
  return { body: { value, other, total, covers, ...status }, headers };
}

async function readRecordPage(deps: AnswerPageDeps, request: PageRequest<RecordQuery>) {
  const { order, withTexts } = request.query;
  const room = withTexts ? createTextRoom(deps) : undefined;
  const top = withTexts ? Math.min(request.query.top, maxExpanded) : request.query.top;
  const tenantIds = idsOf(request.tenants);
  // The token is bound to the names as well: with others, its cursors would be of other streams.
  const filters = await withKnownNames(deps.names, tenantIds, request.query.filters);
  // Oldest first, many more rows are held than a page has.
  const options = { tenantIds, top, order, room, withTexts: withTexts && order === 'desc' };
  const answer = await readPage(deps, request, { ...filters, order }, (position, end) =>
    listRecords(deps, { ...options, filters: withEnd(filters, end), position }),
  );
  return { ...answer, room };
}

type Page = ReadCost & { readonly next?: QueryPosition | undefined };

/** Completeness is read once for each tenant of every page. */
const tenantsAtOnce = 16;

/**
 * @param bound everything that must be the same on the next page: its token is bound to that
 * @param read with the end of what is complete, where that is requested
 */
async function readPage<P extends Page>(
  deps: AnswerPageDeps,
  { tenants, query, url }: PageRequest<Pick<RecordQuery, 'filters' | 'skipToken' | 'dialect'>>,
  bound: object,
  read: (position: QueryPosition, end: Date) => Promise<P>,
) {
  const started = performance.now();
  const tokenName = tokenNameOf(url);
  checkLeavesRoom(url, tokenName);
  const { skipToken, dialect, filters } = query;
  // A position does not apply once `*` means other tenants.
  const scope = idsOf(tenants).sort().join();
  const position = skipToken === undefined ? {} : await deps.pageTokens.open(skipToken, scope, bound);
  const completeness = pMap(tenants, deps.completeness, { concurrency: tenantsAtOnce });
  const completeTo = filters.to === 'complete' ? await endOfAll(filters, position, completeness) : undefined;
  const end = completeTo ?? position.snapshot ?? deps.now();
  // Before the page: it must not be called complete for what was indexed while it was read.
  const known = await completeness;
  const page = await read(position, end);
  const all = known.map((one) => asOfFirstPage(one, position));
  const completeThrough = earliestOfAll(all.map((one) => one.completeThrough));
  const range = { from: filters.from, to: withEnd(filters, end).to ?? end };
  const missing = all.map((one) => missingIn(one, range));
  const next = page.next && { ...page.next, completeThrough, completeTo };
  const token = next && (await deps.pageTokens.seal(next, scope, bound));
  return {
    page,
    status: {
      ...linkTo(dialect, token && withParameter(url, tokenName, token)),
      completeThrough: completeThrough?.toISOString(),
      ...missingOfAll(missing),
    },
    tenants: tenants.map(({ tenantId, displayName }, at) => ({
      tenantId,
      displayName,
      completeThrough: all[at]?.completeThrough?.toISOString(),
      ...(missing[at] ?? { isPartial: true, isPending: true, hasGaps: true }),
    })),
    headers: costHeaders(page, performance.now() - started),
  };
}

/** Of the first page, for all pages; of several tenants, the earliest. */
async function endOfAll(
  filters: RecordQuery['filters'],
  { completeTo }: QueryPosition,
  completeness: Promise<readonly Completeness[]>,
): Promise<Date> {
  const all = (await completeness).map(({ completeThrough }) => completeThrough);
  return completeTo ?? endOfComplete(filters, earliestOfAll(all));
}

function idsOf(tenants: readonly StoredTenant[]): string[] {
  return tenants.map(({ tenantId }) => tenantId);
}

/** As the caller spells it. */
function tokenNameOf(url: string): string {
  return new URL(url).searchParams.has('$skiptoken') ? '$skiptoken' : 'skiptoken';
}

/** The link to the next page, absolute and complete, under the name that it has in the caller's dialect. */
function linkTo(
  dialect: Dialect,
  link: string | undefined,
): { readonly nextLink?: string; readonly '@odata.nextLink'?: string } {
  if (link === undefined) return {};
  return dialect === 'odata' ? { '@odata.nextLink': link } : { nextLink: link };
}

function costHeaders({ requests, rowsRead }: ReadCost, milliseconds: number) {
  return {
    'x-auditkeep-requests': String(requests),
    'x-auditkeep-rows-read': String(rowsRead),
    'x-auditkeep-duration': String(Math.round(milliseconds)),
  };
}
