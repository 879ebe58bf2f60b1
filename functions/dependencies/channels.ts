/** What notifies people. Senders are loaded when they first send: a cold start reads what kinds declare, and no more. */
import {
  bindChannelKind,
  type BoundChannelKind,
  type ChannelKind,
  type ChannelSender,
  type OpenChannel,
} from '../../shared/channels/kind.ts';
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
import { loadPart } from '../../shared/lazy.ts';

/** @param load the module of the sender */
function bound<Settings, Module>(
  kind: ChannelKind<ChannelKindName, Settings>,
  load: () => Promise<Module>,
  openerIn: (module: Module) => OpenChannel<Settings>,
): BoundChannelKind {
  return bindChannelKind(kind, (settings, context) => {
    let opened: ChannelSender | undefined;
    return {
      async send(outgoing, signal) {
        opened ??= openerIn(await loadPart(load))(settings, context);
        return await opened.send(outgoing, signal);
      },
      async close() {
        await opened?.close();
      },
    };
  });
}

/** A kind without a sender does not compile. */
const kinds: Readonly<Record<ChannelKindName, BoundChannelKind>> = {
  azureMail: bound(
    azureMail,
    () => import('../../shared/adapters/channels/azure-mail.ts'),
    (module) => module.openAzureMail,
  ),
  graphMail: bound(
    graphMail,
    () => import('../../shared/adapters/channels/graph-mail.ts'),
    (module) => module.createGraphMailOpener(),
  ),
  teams: bound(
    teams,
    () => import('../../shared/adapters/channels/teams.ts'),
    (module) => module.openTeams,
  ),
  slack: bound(
    slack,
    () => import('../../shared/adapters/channels/slack.ts'),
    (module) => module.openSlack,
  ),
  pagerDuty: bound(
    pagerDuty,
    () => import('../../shared/adapters/channels/pager-duty.ts'),
    (module) => module.createPagerDutyOpener(),
  ),
  webhook: bound(
    webhook,
    () => import('../../shared/adapters/channels/webhook.ts'),
    (module) => module.openWebhook,
  ),
  haloPsa: bound(
    haloPsa,
    () => import('../../shared/adapters/channels/desks/halo-psa.ts'),
    (module) => module.openHaloPsa,
  ),
  connectWise: bound(
    connectWise,
    () => import('../../shared/adapters/channels/desks/connect-wise.ts'),
    (module) => module.openConnectWise,
  ),
  autotask: bound(
    autotask,
    () => import('../../shared/adapters/channels/desks/autotask.ts'),
    (module) => module.openAutotask,
  ),
  serviceNow: bound(
    serviceNow,
    () => import('../../shared/adapters/channels/desks/service-now.ts'),
    (module) => module.openServiceNow,
  ),
};

export const channelKinds: ReadonlyMap<string, BoundChannelKind> = new Map(Object.entries(kinds));
