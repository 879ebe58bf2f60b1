/**
 * Mail from a mailbox of Exchange Online, by Microsoft Graph, with the identity of the app.
 * @see https://learn.microsoft.com/graph/api/user-sendmail
 */
import * as z from 'zod';
import type { ChannelKind } from '../kind.ts';
import { recipients, sender } from './settings.ts';

export const graphMailSettings = z.strictObject({
  sender,
  recipients,
  saveToSentItems: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether the mailbox keeps what it has sent.' }),
});
export type GraphMailSettings = z.output<typeof graphMailSettings>;

export const graphMail: ChannelKind<'graphMail', GraphMailSettings> = {
  name: 'graphMail',
  title: 'Mail, Microsoft Graph',
  settings: graphMailSettings,
  tellsRepeats: false,
  followsMatters: false,
};
