/**
 * Mail by Azure Communication Services, with the identity of the app.
 * @see https://learn.microsoft.com/rest/api/communication/email/email/send
 */
import * as z from 'zod';
import type { ChannelKind } from '../kind.ts';
import { certificateAuthority, httpsOrigin, recipients, sender } from './settings.ts';

export const azureMailSettings = z.strictObject({
  endpoint: httpsOrigin.meta({
    description: 'Endpoint of the resource, such as `https://contoso.europe.communication.azure.com`.',
  }),
  sender,
  recipients,
  certificateAuthority: certificateAuthority.optional(),
});
export type AzureMailSettings = z.output<typeof azureMailSettings>;

export const azureMail: ChannelKind<'azureMail', AzureMailSettings> = {
  name: 'azureMail',
  title: 'Mail, Azure Communication Services',
  settings: azureMailSettings,
  // An operation that exists under our ID is not begun again.
  tellsRepeats: true,
  followsMatters: false,
};
