/** The queues of collection: what is to be indexed, and who is to be polled. */
import * as z from 'zod';
import type { Landing } from './landing.ts';

/** Names of the queues. */
export const indexQueue = 'raw-blobs';
export const pollQueue = 'poll-requests';

/** The queue message that requests the indexing of a landing. */
export const indexRequestSchema = z.object({
  version: z.literal(1),
  tenantId: z.guid(),
  landingId: z.string(),
  blobName: z.string(),
});
export type IndexRequest = z.infer<typeof indexRequestSchema>;

export function indexRequestFor(tenantId: string, { landingId, blobName }: Landing): IndexRequest {
  return { version: 1, tenantId, landingId, blobName };
}

/** The queue message that requests a poll of a tenant in addition to the timer's. */
export const pollRequestSchema = z.object({
  version: z.literal(1),
  tenantId: z.guid(),
  /** `notified`: Microsoft announced content, see feed-hints.ts. */
  reason: z.enum(['registered', 'handedOver', 'reconcile', 'notified']),
  /** Where an earlier part of the same reconciliation ended. */
  since: z.iso.datetime().optional(),
});
export type PollRequest = z.infer<typeof pollRequestSchema>;

/** Durable when it resolves. */
export interface WorkQueues {
  /** @param delayMs before it is handled, see {@link indexingDelayMs}; none by default */
  requestIndexing(request: IndexRequest, delayMs?: number): Promise<void>;
  /** @param delayMs before it is handled; none by default */
  requestPoll(request: PollRequest, delayMs?: number): Promise<void>;
}
