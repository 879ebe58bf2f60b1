/** How many records a set of tenants has, grouped by tenant or members. */
import { namedSet } from '../../shared/access/open-set.ts';
import * as api from '../../shared/api/records.ts';
import { handler } from '../../shared/http/handler.ts';
import { toCountQuery } from '../../shared/query/count-query.ts';
import { answerCountsOfSet } from '../../shared/query/sets/answer-counts-of-set.ts';
import type { AnswerSetDeps } from '../../shared/query/sets/answer-set.ts';

export const countRecordsOfTenantsHandler = handler(
  api.countRecordsOfTenants,
  async (deps: AnswerSetDeps, { request, caller, query: { tenants: terms, ...rest }, dialect, reply }) => {
    const query = toCountQuery(rest, dialect);
    const set = namedSet(deps.access, caller, terms);
    const { body, headers } = await answerCountsOfSet(deps, { set, query, url: request.url });
    return reply(200, body, headers);
  },
);
