/** `GET /tenants/{tenantId}/records-feed`: new records in the order of ingestion, by the polling contract of flows. */
import type { HttpFunctionOptions } from '@azure/functions';
import { tokenToKeep, type LinkedCallerDeps } from '../shared/access/linked-caller.ts';
import { answerFeed, type FeedAnswerDeps } from '../shared/feed/answer-feed.ts';
import { identifyFeedCaller } from '../shared/feed/feed-caller.ts';
import { parseFeedQuery } from '../shared/feed/feed-query.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

const about = 'records-feed';

export function getRecordsFeedFunction(
  deps: HttpDeps & FeedAnswerDeps & LinkedCallerDeps,
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/records-feed',
    identify: (request) =>
      identifyFeedCaller(deps, request, { tenantId: pathParameter(request, 'tenantId'), about }),
    async handler({ request, caller }) {
      const { tenantId } = await deps.access.openTenant(
        caller,
        pathParameter(request, 'tenantId'),
        'records.read',
      );
      const query = parseFeedQuery(request.query);
      const keep = tokenToKeep(request, caller);
      return await answerFeed(deps, { caller, tenantId, url: request.url, query, about, keep });
    },
  });
}
