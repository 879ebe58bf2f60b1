/** Runs one queue message about findings, matters, schedules of reports, and channels. */
import * as z from 'zod';
import { findingMessageSchema } from '../detection/messages.ts';
import { channelMessageSchema, matterMessageSchema, scheduleMessageSchema } from './notifications.ts';
import { runSchedule, type RunScheduleDeps } from '../reports/schedules/run-schedule.ts';
import { routeMessage } from './route-message.ts';
import { runChannel } from './run-channel.ts';
import type { RunChannelDeps } from './sending.ts';
import { notifyOfFinding, type NotifyOfFindingDeps } from './sources/finding.ts';

export const notificationMessageSchema = z.union([
  findingMessageSchema,
  matterMessageSchema,
  channelMessageSchema,
  scheduleMessageSchema,
]);

export type NotificationDeps = NotifyOfFindingDeps & RunChannelDeps & RunScheduleDeps;

/** @throws when storage fails: the message must be redelivered */
export async function runNotification(
  deps: NotificationDeps,
  message: z.output<typeof notificationMessageSchema>,
  budget: AbortSignal,
): Promise<void> {
  if ('findingId' in message) await notifyOfFinding(deps, message);
  else if ('matter' in message) await routeMessage(deps, message.matter);
  else if ('scheduleId' in message) await runSchedule(deps, message);
  else await runChannel(deps, message, budget);
}
