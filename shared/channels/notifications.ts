/** The queue messages of channels. */
import * as z from 'zod';
import { messageSchema } from './message.ts';

/** A matter that is found where no row remembers it: the message is in the queue until channels have it. */
export const matterMessageSchema = z.object({ version: z.literal(1), matter: messageSchema });
export type MatterMessage = z.infer<typeof matterMessageSchema>;

/** A channel has something to send. */
export const channelMessageSchema = z.object({
  version: z.literal(1),
  channelId: z.guid(),
  /** Covers a holder of the lease that crashed. */
  standby: z.boolean().optional(),
});
export type ChannelMessage = z.infer<typeof channelMessageSchema>;

/** A schedule of reports is due, or has a run that has not ended. */
export const scheduleMessageSchema = z.object({
  version: z.literal(1),
  scheduleId: z.guid(),
  /** How long it waited, in milliseconds: the next wait is longer. Absent: none follows. */
  waitedMs: z.int().optional(),
});
export type ScheduleMessage = z.infer<typeof scheduleMessageSchema>;

export interface ScheduleQueue {
  /** Durable when it resolves. @param delayMs at most 7 days; none by default */
  requestSchedule(message: ScheduleMessage, delayMs?: number): Promise<void>;
}

/** For what finds matters. */
export type MatterQueue = Pick<ChannelQueue, 'requestMatter'>;

export interface ChannelQueue {
  /** Durable when it resolves. @param delayMs at most 7 days; none by default */
  requestMatter(message: MatterMessage, delayMs?: number): Promise<void>;
  /** Durable when it resolves. @param delayMs at most 7 days; none by default */
  requestChannel(message: ChannelMessage, delayMs?: number): Promise<void>;
}
