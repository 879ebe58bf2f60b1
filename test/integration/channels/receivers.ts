/** Stand-ins of a mail service, a workflow of Teams, and a desk, with a channel to each. */
import * as z from 'zod';
import { channelKinds } from '../../../functions/dependencies/channels.ts';
import { openAzureMail } from '../../../shared/adapters/channels/azure-mail.ts';
import { bindChannelKind, type BoundChannelKind } from '../../../shared/channels/kind.ts';
import { azureMail, azureMailSettings } from '../../../shared/channels/kinds/azure-mail.ts';
import { startTeams } from '../../support/channels/stand-ins/chat.ts';
import { startHaloPsa } from '../../support/channels/stand-ins/desks.ts';
import { startAzureMail } from '../../support/channels/stand-ins/mail.ts';
import { channelContext, type Passing, type StandIn } from '../../support/channels/stand-ins/stand-in.ts';
import type { Faults } from '../../support/faults.ts';
import { fabrikamId } from '../../support/tenants.ts';

/** A stand-in is not at Azure's address. */
const mailAnywhere = bindChannelKind(
  { ...azureMail, settings: azureMailSettings.extend({ endpoint: z.string() }) },
  openAzureMail,
);

export type Receivers = Awaited<ReturnType<typeof startReceivers>>;

export async function startReceivers() {
  const [mail, teams, desk] = await Promise.all([startAzureMail(), startTeams(), startHaloPsa()]);
  const all: Readonly<Record<string, StandIn>> = { mail, teams, desk };
  const at = ({ ca, origin }: StandIn) => ({ origin, certificateAuthority: ca });
  return {
    ...{ mail, teams, desk },
    /** Settings of a channel to each, by its kind. */
    settings: {
      azureMail: mailSettings(at(mail)),
      teams: { url: 'channel-teams', certificateAuthority: teams.ca },
      haloPsa: ticketSettings(at(desk), fabrikamId),
    },
    kinds: new Map<string, BoundChannelKind>([...channelKinds, ['azureMail', mailAnywhere]]),
    context: channelContext({ 'channel-teams': teams.url }),
    /** From now on requests reach them by way of a host with these faults. */
    pass: (faults: Faults) => {
      for (const [name, standIn] of Object.entries(all)) {
        const direct: { answer: Passing } = { answer: (answer) => Promise.resolve(answer()) };
        standIn.pass(faults.inject(name, direct).answer);
      }
    },
    /** How many mails, cards, and tickets there are. */
    counts: () => ({ mails: mail.mails.length, cards: teams.cards.length, tickets: desk.tickets.length }),
    stop: () => Promise.all(Object.values(all).map((standIn) => standIn.stop())),
  };
}

interface Address {
  readonly origin: string;
  readonly certificateAuthority: string;
}

export function mailSettings({ origin: endpoint, certificateAuthority }: Address) {
  const parties = { sender: 'alerts@partner.example', recipients: ['soc@partner.example'] };
  return { endpoint, certificateAuthority, ...parties };
}

/** @param tenantId whose tickets are those of a company */
export function ticketSettings({ origin: url, certificateAuthority }: Address, tenantId: string) {
  const own = { clientId: 'id', clientSecret: 'channel-any', ticketType: 3, companies: { [tenantId]: 42 } };
  return { url, certificateAuthority, ...own };
}
