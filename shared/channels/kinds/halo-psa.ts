/** Tickets of HaloPSA. @see https://haloservicedesk.com/apidoc/info */
import * as z from 'zod';
import type { ChannelKind } from '../kind.ts';
import { certificateAuthority, companiesBy, httpsOrigin, numberAt, secretName } from './settings.ts';

export const haloPsaSettings = z.strictObject({
  url: httpsOrigin.meta({ description: 'Address of the instance, such as `https://contoso.halopsa.com`.' }),
  clientId: z.string().min(1).max(100).meta({ description: 'Client ID of the API application.' }),
  clientSecret: secretName,
  companies: companiesBy(numberAt('ID of the client.')),
  ticketType: numberAt('ID of the type of new tickets.'),
  closedStatus: numberAt('ID of the status of closed tickets.').default(9),
  certificateAuthority: certificateAuthority.optional(),
});
export type HaloPsaSettings = z.output<typeof haloPsaSettings>;

export const haloPsa: ChannelKind<'haloPsa', HaloPsaSettings> = {
  name: 'haloPsa',
  title: 'HaloPSA',
  settings: haloPsaSettings,
  tellsRepeats: true,
  followsMatters: true,
};
