/** Queue `raw-blobs`: indexes one landing. */
import type { StorageQueueFunctionOptions } from '@azure/functions';
import { indexLanding, type IndexDeps } from '../shared/index/index-landing.ts';
import { indexQueue, indexRequestSchema } from '../shared/landing/landing.ts';

/** @throws when storage fails or the message is malformed: it comes again, and then goes to the poison queue */
export function indexRawBlobFunction(deps: IndexDeps): StorageQueueFunctionOptions {
  return {
    queueName: indexQueue,
    connection: 'AzureWebJobsStorage',
    handler: async (message) => {
      const request = indexRequestSchema.parse(message);
      const started = performance.now();
      const { indexed, duplicates, notUnderstood, rows } = await indexLanding(deps, request);
      const { tenantId, landingId } = request;
      const durationMs = Math.round(performance.now() - started);
      const counts = { indexed, duplicates, notUnderstood, rows };
      deps.telemetry('index.landing.finished', { tenantId, landingId, durationMs, ...counts });
    },
  };
}
