/** Answers one page about the records of a set of tenants, merged by time. */
import type { Access } from '../../access/access.ts';
import type { SetSource } from '../../access/open-set.ts';
import type { AnswerPageDeps } from '../answer-page.ts';
import { createTextRoom, maxExpanded } from '../expand-texts.ts';
import type { FoundRecord } from '../found-record.ts';
import { costHeaders, linkToNext } from '../page-links.ts';
import { publicRecord } from '../public-record.ts';
import { expandedJson, listJson } from '../record-json.ts';
import type { RecordQuery } from '../record-query.ts';
import { listRecordsOfSet, type SetPage } from './list-records-of-set.ts';
import { setFilters, statusOf } from './set-answers.ts';
import { readSetPage, type SetTokens } from './set-page.ts';

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
  const top = query.withTexts ? Math.min(query.top, maxExpanded) : query.top;
  const asked = { set, url, skipToken: query.skipToken, bound: { ...query.filters, order: query.order } };
  const { page, nextLink } = await readSetPage(deps.setTokens, asked, async (open, start) => {
    const { position, ...filters } = await setFilters(deps, { open, start, filters: query.filters });
    const read = { ...filters, order: query.order, top, room };
    return await listRecordsOfSet({ ...deps, tenantOf: open.tenantOf }, read, position);
  });
  const rest = { ...linkToNext(query.dialect, nextLink), ...statusOf(page) };
  const headers = costHeaders(page, performance.now() - started);
  const show = shownIn(page, query);
  if (room === undefined) return { body: { value: page.records.map(show), ...rest }, headers };
  const value = page.records.map((record) => expandedJson(record, room, show));
  return { json: listJson(value, rest), headers };
}

function shownIn({ tenants }: SetPage, { select }: RecordQuery) {
  const names = new Map(tenants.map(({ tenant }) => [tenant.tenantId, tenant.displayName]));
  return (record: FoundRecord) => ({
    tenantId: record.tenantId,
    tenantDisplayName: names.get(record.tenantId) ?? record.tenantId,
    ...publicRecord(record, select),
  });
}
