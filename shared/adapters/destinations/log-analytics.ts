/** Sends rows to Log Analytics. */
import * as z from 'zod';
import { scopeOf, type LogAnalyticsSettings } from '../../destinations/kinds/log-analytics.ts';
import type { OpenSender } from '../../destinations/kind.ts';
import type { OutgoingBatch } from '../../destinations/outgoing.ts';
import { parseJson } from '../../json.ts';
import { createHttpsClient, resultOfUnreached, type HttpsRequest } from './https-client.ts';
import { resultOfAnswer, type NextSteps } from './https-result.ts';
import { testByHttps } from './https-test.ts';
import { jsonArray } from './json-array.ts';

export const openLogAnalytics: OpenSender<LogAnalyticsSettings> = (settings, context) => {
  const client = createHttpsClient(context, settings.certificateAuthority);
  const request = async (rows: readonly Buffer[]): Promise<HttpsRequest> => ({
    method: 'POST',
    url: urlOf(settings),
    headers: {
      authorization: `Bearer ${await context.token(scopeOf(settings.endpoint))}`,
      'content-type': 'application/json',
      'user-agent': 'Auditkeep',
    },
    body: jsonArray(rows),
    gzip: true,
  });
  return {
    async send({ records }: OutgoingBatch, signal) {
      const answer = await client.request(await request(records.map(({ body }) => body)), signal);
      if (answer.status === undefined) return resultOfUnreached(answer);
      return resultOfAnswer(answer, nextSteps, errorCodeIn(answer.text));
    },
    // An array without rows passes every check, and stores nothing.
    test: async (signal) => testByHttps(client, await request([]), nextSteps, signal),
    close: () => client.close(),
  };
};

function urlOf({ endpoint, immutableId, stream }: LogAnalyticsSettings): string {
  return new URL(`/dataCollectionRules/${immutableId}/streams/${stream}?api-version=2023-01-01`, endpoint)
    .href;
}

const errorSchema = z.object({ error: z.object({ code: z.string().regex(/^\w{1,60}$/) }) });

/** The code alone: the message may repeat what was sent. */
function errorCodeIn(text: string): string | undefined {
  return errorSchema.safeParse(parseJson(text)).data?.error.code;
}

/** A body that is too large may also be answered 404, but none that is sent is. */
const nextSteps: NextSteps = {
  401: 'Check that the endpoint is in the cloud of this deployment, and its workspace in the Entra tenant of this deployment.',
  403: 'Assign Monitoring Metrics Publisher on the data collection rule to the identity of the app; that takes effect within 30 minutes.',
  404: 'Check endpoint, immutableId, and stream: they are outputs of the template that created the data collection rule.',
};
