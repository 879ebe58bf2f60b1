/** The indexer at the end of its queue. */
import { runIndexRequest } from '../../../shared/index/run-index-request.ts';
import { indexRequestSchema } from '../../../shared/landing/work-queues.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { decoded, type Queues } from './operating.ts';

/** Runs all waiting messages; resolves with their number. */
export async function indexRequested(
  pipeline: Pipeline,
  queues: Queues,
  wake?: (tenantId: string) => Promise<void>,
): Promise<number> {
  const deps = { ...pipeline, retention: {}, meter: () => undefined, wake };
  const messages = await queues.drain('raw-blobs');
  for (const message of messages) await runIndexRequest(deps, indexRequestSchema.parse(decoded(message)));
  return messages.length;
}
