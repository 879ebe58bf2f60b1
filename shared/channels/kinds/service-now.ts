/** Incidents of ServiceNow, by its Table API. @see https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html */
import * as z from 'zod';
import type { ChannelKind } from '../kind.ts';
import { certificateAuthority, companiesBy, httpsOrigin, secretName } from './settings.ts';

const sysId = z.string().regex(/^[0-9a-f]{32}$/, 'must be a sys_id: 32 hexadecimal digits');

export const serviceNowSettings = z.strictObject({
  url: httpsOrigin.meta({
    description: 'Address of the instance, such as `https://contoso.service-now.com`.',
  }),
  clientId: z.string().min(1).max(100).meta({ description: 'Client ID of the OAuth application.' }),
  clientSecret: secretName,
  companies: companiesBy(sysId),
  table: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,79}$/)
    .default('incident')
    .meta({ description: 'Table of the tickets: `incident`, or one that extends it.' }),
  assignmentGroup: sysId.optional().meta({ description: 'sys_id of the group that gets new tickets.' }),
  closedState: z
    .string()
    .regex(/^-?\d{1,3}$/)
    .default('7')
    .meta({ description: 'State of closed tickets.' }),
  closeCode: z
    .string()
    .max(100)
    .default('Closed/Resolved by Caller')
    .meta({ description: 'Close code, as the instance has it.' }),
  certificateAuthority: certificateAuthority.optional(),
});
export type ServiceNowSettings = z.output<typeof serviceNowSettings>;

export const serviceNow: ChannelKind<'serviceNow', ServiceNowSettings> = {
  name: 'serviceNow',
  title: 'ServiceNow',
  settings: serviceNowSettings,
  tellsRepeats: true,
  followsMatters: true,
};
