/** Incidents of PagerDuty, by its Events API. @see https://developer.pagerduty.com/docs/events-api-v2-overview */
import * as z from 'zod';
import type { ChannelKind } from '../kind.ts';
import { secretName } from './settings.ts';

export const pagerDutySettings = z.strictObject({
  routingKey: secretName.meta({
    description: 'Name of the secret that holds the integration key of the service.',
  }),
  region: z.enum(['us', 'eu']).default('us').meta({ description: 'Service region of the account.' }),
});
export type PagerDutySettings = z.output<typeof pagerDutySettings>;

export const pagerDuty: ChannelKind<'pagerDuty', PagerDutySettings> = {
  name: 'pagerDuty',
  title: 'PagerDuty',
  settings: pagerDutySettings,
  // By its key, an event is added to the incident that is open.
  tellsRepeats: true,
  followsMatters: true,
};
