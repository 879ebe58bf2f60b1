/** How many records there are, grouped by one or two of their members. */
import * as api from '../../shared/api/records.ts';
import { handler } from '../../shared/http/handler.ts';
import { answerCounts, type AnswerPageDeps } from '../../shared/query/answer-page.ts';
import { toCountQuery } from '../../shared/query/count-query.ts';

export const countRecordsHandler = handler(
  api.countRecords,
  async (deps: AnswerPageDeps, { request, tenant, query, dialect, reply }) => {
    const page = { tenant, query: toCountQuery(query, dialect), url: request.url };
    const { body, headers } = await answerCounts(deps, page);
    return reply(200, body, headers);
  },
);
