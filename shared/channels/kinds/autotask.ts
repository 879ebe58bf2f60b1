/** Tickets of Autotask PSA. @see https://autotask.net/help/developerhelp/Content/APIs/REST/REST_API_Home.htm */
import * as z from 'zod';
import type { ChannelKind } from '../kind.ts';
import { certificateAuthority, companiesBy, httpsOrigin, numberAt, secretName } from './settings.ts';

export const autotaskSettings = z.strictObject({
  url: httpsOrigin.meta({
    description: 'Address of the zone of the account, such as `https://webservices5.autotask.net`.',
  }),
  userName: z.string().min(1).max(200).meta({ description: 'User name of the API user.' }),
  secret: secretName,
  integrationCode: secretName.meta({
    description: 'Name of the secret that holds the tracking identifier of the integration.',
  }),
  companies: companiesBy(numberAt('ID of the company.')),
  queue: numberAt('ID of the queue of new tickets.'),
  priorities: z
    .strictObject({ high: numberAt('Priority from high on.'), other: numberAt('Priority of all others.') })
    .default({ high: 1, other: 2 }),
  newStatus: numberAt('ID of the status of new tickets.').default(1),
  closedStatus: numberAt('ID of the status of closed tickets.').default(5),
  certificateAuthority: certificateAuthority.optional(),
});
export type AutotaskSettings = z.output<typeof autotaskSettings>;

export const autotask: ChannelKind<'autotask', AutotaskSettings> = {
  name: 'autotask',
  title: 'Autotask PSA',
  settings: autotaskSettings,
  tellsRepeats: true,
  followsMatters: true,
};
