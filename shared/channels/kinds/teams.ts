/**
 * Cards in a channel or a chat of Microsoft Teams, by a workflow that begins with a webhook.
 * @see https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 */
import * as z from 'zod';
import type { ChannelKind } from '../kind.ts';
import { certificateAuthority, secretName } from './settings.ts';

export const teamsSettings = z.strictObject({
  /** The address contains its own signature. */
  url: secretName.meta({ description: 'Name of the secret that holds the address of the workflow.' }),
  certificateAuthority: certificateAuthority.optional(),
});
export type TeamsSettings = z.output<typeof teamsSettings>;

export const teams: ChannelKind<'teams', TeamsSettings> = {
  name: 'teams',
  title: 'Microsoft Teams',
  settings: teamsSettings,
  tellsRepeats: false,
  followsMatters: false,
};
