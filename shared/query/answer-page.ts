/** Answers one page about the records of one or several tenants: what it shows, how complete it is, how to continue. */
import pMap from 'p-map';
import type { StoredTenant } from '../tenants/tenant.ts';
import { asOfFirstPage, earliest, isPartial, type Completeness } from './completeness.ts';
import type { CountQuery } from './count-query.ts';
import { countRecords, type CountPart } from './count-records.ts';
import type { RecordFilters } from './filters.ts';
import { listRecords } from './list-records.ts';
import { costHeaders, nextLink, type NextLink } from './page-answer.ts';
import type { Dialect } from '../http/parameters.ts';
import { selectMembers, type PublicRecord } from './public-record.ts';
import type { QueryDeps } from './reading/execute-query.ts';
import type { ReadCost } from './reading/budget.ts';
import type { QueryPosition } from './record-page.ts';
import type { RecordQuery } from './record-query.ts';
import type { SkipTokens } from './skip-token.ts';

export interface AnswerPageDeps extends QueryDeps {
  readonly skipTokens: SkipTokens;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

/** A page requested by a caller who may read all of its tenants. */
export interface PageRequest<Query> {
  /** Distinct; records of several are merged by time. */
  readonly tenants: readonly StoredTenant[];
  readonly query: Query;
  /** Absolute, as requested: the next link repeats it. */
  readonly url: string;
}

/** What every page says about itself. */
export interface PageStatus extends NextLink {
  /** Earliest of all tenants; absent while unknown for one of them. ISO 8601. */
  readonly completeThrough?: string | undefined;
  readonly isPartial: boolean;
}

export interface RecordList extends PageStatus {
  readonly value: readonly PublicRecord[];
}

export interface TenantCompleteness {
  readonly tenantId: string;
  readonly displayName: string;
  readonly completeThrough?: string | undefined;
  readonly isPartial: boolean;
}

export interface RecordsOfTenants extends PageStatus {
  readonly value: readonly (PublicRecord & { readonly tenantId: string })[];
  readonly tenants: readonly TenantCompleteness[];
}

export interface RecordCounts extends PageStatus {
  readonly value: CountPart['groups'];
  readonly other?: CountPart['other'];
  readonly total: number;
  readonly covers: { readonly from?: string | undefined; readonly to: string };
}

export interface PageAnswer<Body> {
  readonly jsonBody: Body;
  /** What the page cost. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Records of one tenant.
 * @throws RequestError 400 InvalidSkipToken
 * @throws Error when storage fails
 */
export async function answerRecords(
  deps: AnswerPageDeps,
  request: PageRequest<RecordQuery>,
): Promise<PageAnswer<RecordList>> {
  const { page, status, headers } = await readRecordPage(deps, request);
  const value = page.records.map((record) => selectMembers(record, request.query.select));
  return { jsonBody: { value, ...status }, headers };
}

/** Records of several tenants, each with its tenant. @throws as {@link answerRecords} */
export async function answerRecordsOfTenants(
  deps: AnswerPageDeps,
  request: PageRequest<RecordQuery>,
): Promise<PageAnswer<RecordsOfTenants>> {
  const { page, status, tenants, headers } = await readRecordPage(deps, request);
  const value = page.records.map((record) => ({
    tenantId: record.tenantId,
    ...selectMembers(record, request.query.select),
  }));
  return { jsonBody: { value, ...status, tenants }, headers };
}

/** Counts of one part of the records; following next links counts them all. @throws as {@link answerRecords} */
export async function answerCounts(
  deps: AnswerPageDeps,
  request: PageRequest<CountQuery>,
): Promise<PageAnswer<RecordCounts>> {
  const { filters, groupBy, top } = request.query;
  // Part of the question, so that the token of a list does not continue a count.
  const { page, status, headers } = await readPage(deps, request, { ...filters, groupBy }, (position) =>
    countRecords(deps, { tenantIds: idsOf(request.tenants), filters, groupBy, top, position }),
  );
  const { groups: value, other, total } = page;
  const covers = { from: page.covers.from?.toISOString(), to: page.covers.to.toISOString() };
  return { jsonBody: { value, other, total, covers, ...status }, headers };
}

async function readRecordPage(deps: AnswerPageDeps, request: PageRequest<RecordQuery>) {
  const { filters, top, order } = request.query;
  const tenantIds = idsOf(request.tenants);
  return await readPage(deps, request, { ...filters, order }, (position) =>
    listRecords(deps, { tenantIds, filters, top, order, position }),
  );
}

type Page = ReadCost & { readonly next?: QueryPosition | undefined };

interface PagedQuery {
  readonly filters: RecordFilters;
  readonly skipToken?: string | undefined;
  readonly dialect: Dialect;
}

interface ReadPageResult<P> {
  readonly page: P;
  readonly status: PageStatus;
  readonly tenants: readonly TenantCompleteness[];
  readonly headers: Readonly<Record<string, string>>;
}

/** Completeness is read once for each tenant of every page. */
const tenantsAtOnce = 16;

/** @param question everything that must be the same on the next page */
async function readPage<P extends Page>(
  deps: AnswerPageDeps,
  { tenants, query, url }: PageRequest<PagedQuery>,
  question: object,
  read: (position: QueryPosition) => Promise<P>,
): Promise<ReadPageResult<P>> {
  const started = performance.now();
  const { skipToken, dialect, filters } = query;
  // Positions are of no use once `*` means other tenants.
  const scope = idsOf(tenants).sort().join();
  const position = skipToken === undefined ? {} : deps.skipTokens.open(skipToken, scope, question);
  const [page, known] = await Promise.all([
    read(position),
    pMap(tenants, deps.completeness, { concurrency: tenantsAtOnce }),
  ]);
  const all = known.map((one) => asOfFirstPage(one, position));
  const completeThrough = earliestOfAll(all.map((one) => one.completeThrough));
  const range = { from: filters.from, to: filters.to ?? position.snapshot ?? deps.now() };
  const partial = all.map((one) => isPartial(one, range));
  const token = page.next && deps.skipTokens.seal({ ...page.next, completeThrough }, scope, question);
  const completeness = { completeThrough: completeThrough?.toISOString(), isPartial: partial.includes(true) };
  return {
    page,
    status: { ...nextLink(url, dialect, token), ...completeness },
    tenants: tenants.map(({ tenantId, displayName }, at) => ({
      tenantId,
      displayName,
      completeThrough: all[at]?.completeThrough?.toISOString(),
      isPartial: partial[at] ?? true,
    })),
    headers: costHeaders(page, performance.now() - started),
  };
}

function idsOf(tenants: readonly StoredTenant[]): string[] {
  return tenants.map(({ tenantId }) => tenantId);
}

/** Undefined as soon as one is: then nothing is complete. */
function earliestOfAll(dates: readonly (Date | undefined)[]): Date | undefined {
  const known = dates.filter((date) => date !== undefined);
  return known.length < dates.length ? undefined : earliest(known);
}
