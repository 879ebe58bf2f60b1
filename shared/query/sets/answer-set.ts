/** Answers one page about the records of a set of tenants, merged by time. */
import type { Access } from '../../access/access.ts';
import type { OpenSet, SetSource } from '../../access/open-set.ts';
import { invalidParameter } from '../../errors.ts';
import type { AnswerPageDeps } from '../answer-page.ts';
import { createTextRoom, maxExpanded } from '../expand-texts.ts';
import type { FoundRecord } from '../found-record.ts';
import { knownNames, nameFilters } from '../known-names.ts';
import { costHeaders, linkToNext } from '../page-links.ts';
import { publicRecord } from '../public-record.ts';
import { expandedJson, listJson } from '../record-json.ts';
import type { RecordQuery } from '../record-query.ts';
import { listRecordsOfSet, type ReadTenant, type SetPage } from './list-records-of-set.ts';
import { readSetPage, type SetTokens } from './set-page.ts';
import { isOpened, type SetPosition, type TenantClaim } from './set-position.ts';
import type { SetQuery } from './set-reading.ts';

export interface AnswerSetDeps extends AnswerPageDeps {
  readonly access: Access;
  readonly setTokens: SetTokens;
}

export interface SetRequest {
  readonly set: SetSource;
  readonly query: RecordQuery;
  /** Absolute, as requested: the next link repeats it. */
  readonly url: string;
}

/** Tenants whose names of people and mailboxes are read for one answer. */
const maxNamedTenants = 200;

/**
 * Records of a set of tenants; serialized if they have their texts, which stay as delivered.
 * @throws RequestError 400 InvalidSkipToken, 404 for a tenant that the caller has no access to, 414 when the link to the
 *   next page would be too long
 * @throws Error when storage fails
 */
export async function answerRecordsOfSet(deps: AnswerSetDeps, request: SetRequest) {
  const started = performance.now();
  const { set, url, query } = request;
  const room = query.withTexts ? createTextRoom(deps) : undefined;
  const asked = { set, url, skipToken: query.skipToken, bound: { ...query.filters, order: query.order } };
  const { page, nextLink } = await readSetPage(deps.setTokens, asked, async (open, start) => {
    const isFirst = start.snapshot === undefined;
    const position = isFirst ? { ...start, names: await namesIn(deps, open, query) } : start;
    const read = { ...toSetQuery(query, position), room };
    return await listRecordsOfSet({ ...deps, tenantOf: open.tenantOf }, read, position);
  });
  const rest = { ...linkToNext(query.dialect, nextLink), ...statusOf(page) };
  const headers = costHeaders(page, performance.now() - started);
  const show = shownIn(page, query);
  if (room === undefined) return { body: { value: page.records.map(show), ...rest }, headers };
  const value = page.records.map((record) => expandedJson(record, room, show));
  return { json: listJson(value, rest), headers };
}

/** The same for all pages: other names would be other streams. */
async function namesIn({ names }: AnswerSetDeps, { tenantIds }: OpenSet, { filters }: RecordQuery) {
  const asked = nameFilters.find((name) => filters[name] !== undefined);
  if (asked !== undefined && tenantIds.length > maxNamedTenants) {
    const message = `'${asked}' looks up names in each tenant, so 'tenants' may select at most ${maxNamedTenants} with it. It selects ${tenantIds.length}. Send users, or fewer tenants.`;
    throw invalidParameter(asked, message);
  }
  return await knownNames(names, tenantIds, filters);
}

function toSetQuery(
  { filters, order, top, withTexts }: RecordQuery,
  { names }: SetPosition,
): Omit<SetQuery, 'room'> {
  const { to, ...rest } = filters;
  const toComplete = to === 'complete';
  return {
    filters: { ...rest, ...names, to: toComplete ? undefined : to },
    toComplete,
    order,
    top: withTexts ? Math.min(top, maxExpanded) : top,
  };
}

function shownIn({ tenants }: SetPage, { select }: RecordQuery) {
  const names = new Map(tenants.map(({ tenant }) => [tenant.tenantId, tenant.displayName]));
  return (record: FoundRecord) => ({
    tenantId: record.tenantId,
    tenantDisplayName: names.get(record.tenantId) ?? record.tenantId,
    ...publicRecord(record, select),
  });
}

/** Nothing is called complete before the completeness of every tenant is known. */
function statusOf({ position, tenants, end }: SetPage) {
  const { completeThrough, isUnknown, hasGaps } = position.claim;
  const isKnown = isOpened(position.places);
  const shown = shownClaim({ completeThrough: isKnown ? completeThrough : undefined, hasGaps }, end);
  // Nothing is missing in no tenants.
  const isEmpty = isKnown && !isUnknown && completeThrough === undefined;
  const all = isEmpty ? { isPartial: false, isPending: false, hasGaps: false } : {};
  return { ...shown, ...all, tenants: tenants.map((one) => shownTenant(one, end)) };
}

function shownTenant({ tenant, claim }: ReadTenant, end: Date | undefined) {
  const { tenantId, displayName } = tenant;
  return { tenantId, displayName, ...shownClaim(claim, end) };
}

function shownClaim({ completeThrough, hasGaps }: TenantClaim, end: Date | undefined) {
  const isPending = completeThrough === undefined || end === undefined || end > completeThrough;
  return {
    completeThrough: completeThrough?.toISOString(),
    isPartial: isPending || hasGaps,
    isPending,
    hasGaps,
  };
}
