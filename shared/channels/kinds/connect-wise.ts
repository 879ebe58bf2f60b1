/** Service tickets of ConnectWise PSA. @see https://developer.connectwise.com/Products/ConnectWise_PSA/REST */
import * as z from 'zod';
import type { ChannelKind } from '../kind.ts';
import { certificateAuthority, companiesBy, httpsOrigin, numberAt, secretName } from './settings.ts';

export const connectWiseSettings = z.strictObject({
  url: httpsOrigin.meta({ description: 'Address of the API, such as `https://api-eu.myconnectwise.net`.' }),
  company: z
    .string()
    .regex(/^[^+:]{1,100}$/)
    .meta({ description: 'Name of the company that signs in to ConnectWise.' }),
  publicKey: z
    .string()
    .regex(/^[^:]{1,100}$/)
    .meta({ description: 'Public key of the API member.' }),
  privateKey: secretName,
  clientId: z.guid().meta({ description: 'Client ID, from the developer portal of ConnectWise.' }),
  companies: companiesBy(numberAt('ID of the company.')),
  board: numberAt('ID of the service board.'),
  closedStatus: numberAt('ID of the status of closed tickets on the board.'),
  certificateAuthority: certificateAuthority.optional(),
});
export type ConnectWiseSettings = z.output<typeof connectWiseSettings>;

export const connectWise: ChannelKind<'connectWise', ConnectWiseSettings> = {
  name: 'connectWise',
  title: 'ConnectWise PSA',
  settings: connectWiseSettings,
  tellsRepeats: true,
  followsMatters: true,
};
