/** The queue messages of destinations. */
import * as z from 'zod';
import { letterPlaceSchema } from './dead-letter.ts';

export const destinationMessageSchema = z.object({
  version: z.literal(1),
  destinationId: z.guid(),
  /** Whose records it is about; absent: those of each tenant, each by a message of its own. */
  tenantId: z.guid().optional(),
  /** Of a retry: how many attempts had failed. Absent: there are new records. */
  failures: z.int().optional(),
  /** Without a tenant, of a retry: the tenant that tried before. A few others try first. */
  last: z.guid().optional(),
  /** Covers a holder of the lease that crashed. */
  standby: z.boolean().optional(),
  /** It is about the dead letters of the destination. */
  replay: z.boolean().optional(),
  /** Of a replay: those up to this one were sent. */
  after: letterPlaceSchema.optional(),
});
export type DestinationMessage = z.infer<typeof destinationMessageSchema>;

export const destinationQueue = 'destination-deliveries';

export interface DestinationQueue {
  /** Durable when it resolves. @param delayMs at most 7 days; none by default */
  requestSending(message: DestinationMessage, delayMs?: number): Promise<void>;
}
