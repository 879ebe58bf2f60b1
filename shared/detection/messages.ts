/** The queue messages about findings. */
import * as z from 'zod';

/**
 * A finding is new, or has changed. Messages may come more than once and in any order: which revision channels were notified
 * of last is `notifiedRevision` of the finding.
 */
export const findingMessageSchema = z.object({
  version: z.literal(1),
  tenantId: z.guid(),
  findingId: z.guid(),
  /** The finding has this revision, or a later one. */
  revision: z.int(),
});
export type FindingMessage = z.infer<typeof findingMessageSchema>;

export const notificationQueue = 'notifications';

export interface NotificationQueue {
  /** Durable when it resolves. @param delayMs at most 7 days; none by default */
  requestNotification(message: FindingMessage, delayMs?: number): Promise<void>;
}
