/** The kinds of channels. */
import { autotask } from './autotask.ts';
import { azureMail } from './azure-mail.ts';
import { connectWise } from './connect-wise.ts';
import { graphMail } from './graph-mail.ts';
import { haloPsa } from './halo-psa.ts';
import { pagerDuty } from './pager-duty.ts';
import { serviceNow } from './service-now.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { webhook } from './webhook.ts';

/** By name, in the order in which documents list them. */
const kinds = {
  azureMail,
  graphMail,
  teams,
  slack,
  pagerDuty,
  webhook,
  haloPsa,
  connectWise,
  autotask,
  serviceNow,
} as const;

export type ChannelKindName = keyof typeof kinds;

/** As requests name them. */
export const channelKindNames: readonly ChannelKindName[] = Object.values(kinds).map(({ name }) => name);
