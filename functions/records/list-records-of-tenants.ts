/** Records of a set of tenants, merged by time. */
import { namedSet } from '../../shared/access/open-set.ts';
import * as api from '../../shared/api/records.ts';
import { handler } from '../../shared/http/handler.ts';
import { jsonType, serialized } from '../../shared/http/reply.ts';
import { toRecordQuery } from '../../shared/query/record-query.ts';
import { answerRecordsOfSet, type AnswerSetDeps } from '../../shared/query/sets/answer-set.ts';

export const listRecordsOfTenantsHandler = handler(
  api.listRecordsOfTenants,
  async (deps: AnswerSetDeps, { request, caller, query: { tenants: terms, ...rest }, dialect, reply }) => {
    const query = toRecordQuery(rest, dialect);
    const asked = { set: namedSet(deps.access, caller, terms), query, url: request.url };
    const { json, body, headers } = await answerRecordsOfSet(deps, asked);
    return json === undefined ? reply(200, body, headers) : reply(200, serialized(json, jsonType), headers);
  },
);
