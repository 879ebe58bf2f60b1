/** Runs one queue message about matters and channels. */
import * as z from 'zod';
import { channelMessageSchema, matterMessageSchema } from './notifications.ts';
import { routeMessage, type RouteMessageDeps } from './route-message.ts';
import { runChannel } from './run-channel.ts';
import type { RunChannelDeps } from './sending.ts';

export const notificationMessageSchema = z.union([matterMessageSchema, channelMessageSchema]);

export type NotificationDeps = RouteMessageDeps & RunChannelDeps;

/** @throws when storage fails: the message must be redelivered */
export async function runNotification(
  deps: NotificationDeps,
  message: z.output<typeof notificationMessageSchema>,
  budget: AbortSignal,
): Promise<void> {
  if ('matter' in message) await routeMessage(deps, message.matter);
  else await runChannel(deps, message, budget);
}
