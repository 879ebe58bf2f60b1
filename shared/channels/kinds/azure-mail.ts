/**
 * Mail by Azure Communication Services, with the identity of the app.
 * @see https://learn.microsoft.com/rest/api/communication/email/email/send
 */
import * as z from 'zod';
import type { ChannelKind } from '../kind.ts';
import { certificateAuthority, httpsOrigin, recipients, sender } from './settings.ts';

/** Of Azure's public cloud. */
const communicationHost = /^[0-9a-z.-]+\.communication\.azure\.com$/;

export const azureMailSettings = z.strictObject({
  endpoint: httpsOrigin
    // As it will be connected to: the token that is sent there opens other resources, too.
    .refine((text) => URL.canParse(text) && communicationHost.test(new URL(text).host), {
      error: 'must be an endpoint of Azure Communication Services, https://….communication.azure.com',
    })
    .meta({
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
