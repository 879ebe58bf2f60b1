/** Messages in a channel of Slack, by an incoming webhook. @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
import * as z from 'zod';
import type { ChannelKind } from '../kind.ts';
import { certificateAuthority, secretName } from './settings.ts';

export const slackSettings = z.strictObject({
  /** Anyone who knows the address can post. */
  url: secretName.meta({ description: 'Name of the secret that holds the address of the incoming webhook.' }),
  certificateAuthority: certificateAuthority.optional(),
});
export type SlackSettings = z.output<typeof slackSettings>;

export const slack: ChannelKind<'slack', SlackSettings> = {
  name: 'slack',
  title: 'Slack',
  settings: slackSettings,
  tellsRepeats: false,
  followsMatters: false,
};
