/** What notifies people. */
import { openAutotask } from '../../shared/adapters/channels/desks/autotask.ts';
import { openConnectWise } from '../../shared/adapters/channels/desks/connect-wise.ts';
import { openHaloPsa } from '../../shared/adapters/channels/desks/halo-psa.ts';
import { openServiceNow } from '../../shared/adapters/channels/desks/service-now.ts';
import { openAzureMail } from '../../shared/adapters/channels/azure-mail.ts';
import { createGraphMailOpener } from '../../shared/adapters/channels/graph-mail.ts';
import { createPagerDutyOpener } from '../../shared/adapters/channels/pager-duty.ts';
import { openSlack } from '../../shared/adapters/channels/slack.ts';
import { openTeams } from '../../shared/adapters/channels/teams.ts';
import { openWebhook } from '../../shared/adapters/channels/webhook.ts';
import { bindChannelKind, type BoundChannelKind } from '../../shared/channels/kind.ts';
import { autotask } from '../../shared/channels/kinds/autotask.ts';
import { azureMail } from '../../shared/channels/kinds/azure-mail.ts';
import { connectWise } from '../../shared/channels/kinds/connect-wise.ts';
import { graphMail } from '../../shared/channels/kinds/graph-mail.ts';
import { haloPsa } from '../../shared/channels/kinds/halo-psa.ts';
import type { ChannelKindName } from '../../shared/channels/kinds/kinds.ts';
import { pagerDuty } from '../../shared/channels/kinds/pager-duty.ts';
import { serviceNow } from '../../shared/channels/kinds/service-now.ts';
import { slack } from '../../shared/channels/kinds/slack.ts';
import { teams } from '../../shared/channels/kinds/teams.ts';
import { webhook } from '../../shared/channels/kinds/webhook.ts';

/** A kind without a sender does not compile. */
const kinds: Readonly<Record<ChannelKindName, BoundChannelKind>> = {
  azureMail: bindChannelKind(azureMail, openAzureMail),
  graphMail: bindChannelKind(graphMail, createGraphMailOpener()),
  teams: bindChannelKind(teams, openTeams),
  slack: bindChannelKind(slack, openSlack),
  pagerDuty: bindChannelKind(pagerDuty, createPagerDutyOpener()),
  webhook: bindChannelKind(webhook, openWebhook),
  haloPsa: bindChannelKind(haloPsa, openHaloPsa),
  connectWise: bindChannelKind(connectWise, openConnectWise),
  autotask: bindChannelKind(autotask, openAutotask),
  serviceNow: bindChannelKind(serviceNow, openServiceNow),
};

export const channelKinds: ReadonlyMap<string, BoundChannelKind> = new Map(Object.entries(kinds));
