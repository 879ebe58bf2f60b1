/** What senders of channels promise, kept by each kind; and what is special about some. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openAutotask } from '../../../shared/adapters/channels/desks/autotask.ts';
import { openConnectWise } from '../../../shared/adapters/channels/desks/connect-wise.ts';
import { openHaloPsa } from '../../../shared/adapters/channels/desks/halo-psa.ts';
import { openServiceNow } from '../../../shared/adapters/channels/desks/service-now.ts';
import { openAzureMail } from '../../../shared/adapters/channels/azure-mail.ts';
import { createGraphMailOpener } from '../../../shared/adapters/channels/graph-mail.ts';
import { createPagerDutyOpener } from '../../../shared/adapters/channels/pager-duty.ts';
import { openSlack } from '../../../shared/adapters/channels/slack.ts';
import { openTeams } from '../../../shared/adapters/channels/teams.ts';
import { openWebhook } from '../../../shared/adapters/channels/webhook.ts';
import {
  bindChannelKind,
  type BoundChannelKind,
  type ChannelSender,
  type OutgoingMessage,
} from '../../../shared/channels/kind.ts';
import { autotask } from '../../../shared/channels/kinds/autotask.ts';
import { azureMail, azureMailSettings } from '../../../shared/channels/kinds/azure-mail.ts';
import { connectWise } from '../../../shared/channels/kinds/connect-wise.ts';
import { graphMail } from '../../../shared/channels/kinds/graph-mail.ts';
import { haloPsa } from '../../../shared/channels/kinds/halo-psa.ts';
import { pagerDuty } from '../../../shared/channels/kinds/pager-duty.ts';
import { serviceNow } from '../../../shared/channels/kinds/service-now.ts';
import { slack } from '../../../shared/channels/kinds/slack.ts';
import { teams } from '../../../shared/channels/kinds/teams.ts';
import { webhook } from '../../../shared/channels/kinds/webhook.ts';
import type { NewMessage } from '../../../shared/channels/message.ts';
import { inventedMessage } from '../../support/channels/messages.ts';
import { startPagerDuty, startSlack, startTeams } from '../../support/channels/stand-ins/chat.ts';
import {
  startAutotask,
  startConnectWise,
  startHaloPsa,
  startServiceNow,
  type DeskStandIn,
} from '../../support/channels/stand-ins/desks.ts';
import { startAzureMail, startGraphMail } from '../../support/channels/stand-ins/mail.ts';
import { anySecret, channelContext, startStandIn } from '../../support/channels/stand-ins/stand-in.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import { describeChannel, type ReceivingEnd } from './senders.ts';

const mailSettings = { sender: 'alerts@partner.example', recipients: ['soc@partner.example'] };

/** A stand-in is not at Azure's address. */
const anywhere = {
  ...azureMail,
  settings: azureMailSettings.extend({ endpoint: z.string() }),
};

describe('the sender of mail by Azure Communication Services', () => {
  describeChannel({
    kind: bindChannelKind(anywhere, openAzureMail),
    open: async () => {
      const standIn = await startAzureMail();
      return {
        settings: { ...mailSettings, endpoint: standIn.origin, certificateAuthority: standIn.ca },
        context: channelContext(),
        behave: standIn.behave,
        received: () => standIn.mails.map(({ subject }) => subject),
        close: standIn.stop,
      };
    },
  });
});

const graph = await startGraphMail();

describe('the sender of mail by Microsoft Graph', () => {
  describeChannel({
    kind: bindChannelKind(
      graphMail,
      createGraphMailOpener({ origin: graph.origin, certificateAuthority: graph.ca }),
    ),
    open: () =>
      Promise.resolve({
        settings: mailSettings,
        context: channelContext(),
        behave: graph.behave,
        received: () => graph.mails.map(({ subject }) => subject),
        close: graph.stop,
      }),
  });
});

describe('the sender of cards', () => {
  describeChannel({
    kind: bindChannelKind(teams, openTeams),
    open: async () => {
      const standIn = await startTeams();
      return {
        settings: { url: 'channel-teams', certificateAuthority: standIn.ca },
        context: channelContext({ 'channel-teams': `${standIn.url}\n` }),
        behave: standIn.behave,
        received: () => standIn.cards.map((card) => JSON.stringify(card.body[0])),
        close: standIn.stop,
      };
    },
  });
});

describe('the sender of messages to Slack', () => {
  describeChannel({
    kind: bindChannelKind(slack, openSlack),
    open: async () => {
      const standIn = await startSlack();
      return {
        settings: { url: 'channel-slack', certificateAuthority: standIn.ca },
        context: channelContext({ 'channel-slack': standIn.url }),
        behave: standIn.behave,
        received: () => standIn.posts.map(({ text }) => text),
        close: standIn.stop,
      };
    },
  });
});

const pager = await startPagerDuty(anySecret);

describe('the sender of incidents', () => {
  describeChannel({
    kind: bindChannelKind(
      pagerDuty,
      createPagerDutyOpener({ origin: pager.origin, certificateAuthority: pager.ca }),
    ),
    open: () =>
      Promise.resolve({
        settings: { routingKey: 'channel-any' },
        context: channelContext(),
        behave: pager.behave,
        received: () => pager.incidents.map(({ summary }) => summary),
        close: pager.stop,
      }),
  });
});

describe('the sender of signed requests', () => {
  describeChannel({
    kind: bindChannelKind(webhook, openWebhook),
    open: async () => {
      const bodies: string[] = [];
      const standIn = await startStandIn(({ headers, text }) => {
        if (headers['x-key'] !== anySecret || headers['webhook-signature'] === undefined)
          return { status: 401 };
        bodies.push(text);
        return { status: 204 };
      });
      return {
        settings: {
          ...{
            url: `${standIn.origin}/hook`,
            certificateAuthority: standIn.ca,
            signingSecret: 'channel-signing',
          },
          credential: { header: 'X-Key', prefix: '', secret: 'channel-any' },
        },
        context: channelContext({ 'channel-signing': `whsec_${Buffer.alloc(32, 7).toString('base64')}` }),
        behave: standIn.behave,
        received: () => bodies,
        close: standIn.stop,
      };
    },
  });
});

interface Desk {
  readonly name: string;
  readonly kind: BoundChannelKind;
  readonly start: () => Promise<DeskStandIn>;
  readonly settings: object;
  readonly company: string;
}

const sysId = 'a'.repeat(32);

const desks: readonly Desk[] = [
  {
    ...{ name: 'HaloPSA', kind: bindChannelKind(haloPsa, openHaloPsa), start: startHaloPsa, company: '42' },
    settings: {
      ...{ clientId: 'id', clientSecret: 'channel-any', companies: { [fabrikamId]: 42 }, ticketType: 3 },
    },
  },
  {
    ...{
      name: 'ConnectWise',
      kind: bindChannelKind(connectWise, openConnectWise),
      start: startConnectWise,
      company: '42',
    },
    settings: {
      ...{ company: 'contoso', publicKey: 'public', privateKey: 'channel-any', clientId: randomUUID() },
      ...{ companies: { [fabrikamId]: 42 }, board: 5, closedStatus: 17 },
    },
  },
  {
    ...{
      name: 'Autotask',
      kind: bindChannelKind(autotask, openAutotask),
      start: startAutotask,
      company: '42',
    },
    settings: {
      ...{ userName: 'api@contoso.example', secret: 'channel-any', integrationCode: 'channel-any' },
      ...{ companies: { [fabrikamId.toUpperCase()]: 42 }, queue: 8 },
    },
  },
  {
    ...{
      name: 'ServiceNow',
      kind: bindChannelKind(serviceNow, openServiceNow),
      start: startServiceNow,
      company: sysId,
    },
    settings: { clientId: 'id', clientSecret: 'channel-any', companies: { [fabrikamId]: sysId } },
  },
];

describe.each(desks)('the sender of tickets to $name', ({ kind, start, settings, company }) => {
  const openEnd = (standIn: DeskStandIn): ReceivingEnd => ({
    settings: { ...settings, url: standIn.origin, certificateAuthority: standIn.ca },
    context: channelContext(),
    behave: standIn.behave,
    received: () => standIn.tickets.map(({ summary, notes }) => [summary, ...notes].join('\n')),
    close: standIn.stop,
  });

  describeChannel({ kind, open: async () => openEnd(await start()) });

  describe('', () => {
    let standIn: DeskStandIn;
    let sender: ChannelSender;
    beforeAll(async () => {
      standIn = await start();
      const { settings: configured, context } = openEnd(standIn);
      sender = kind.configured(configured).open(context);
    });
    afterAll(async () => {
      await sender.close();
      await standIn.stop();
    });

    const send = (more: Partial<NewMessage>, rest: Partial<OutgoingMessage> = {}) =>
      sender.send(
        { id: randomUUID(), message: inventedMessage(more), attachments: [], mayBeThere: false, ...rest },
        AbortSignal.timeout(60_000),
      );
    const receiptOf = (outcome: Awaited<ReturnType<typeof send>>) =>
      outcome.outcome === 'sent' ? outcome.receipt : undefined;

    it('makes one ticket of a matter for the company of its tenant, changes it, and closes it', async () => {
      const first = await send({ key: 'one', title: 'One' });
      const receipt = receiptOf(first);
      const id = randomUUID();
      await send({ key: 'one', title: 'One', revision: 2, sentence: 'Now twice.' }, { id, receipt });
      await send(
        { key: 'one', title: 'One', revision: 2, sentence: 'Now twice.' },
        { id, receipt, mayBeThere: true },
      );
      const ticketOf = () => standIn.tickets.filter(({ summary }) => summary.includes(': One'));
      expect(ticketOf()).toMatchObject([{ company, isClosed: false }]);
      expect(ticketOf()[0]?.notes.filter((note) => note.includes('Now twice.'))).toHaveLength(1);
      await send({ key: 'one', title: 'One', revision: 3, closed: true }, { receipt });
      expect(ticketOf()).toMatchObject([{ isClosed: true }]);
    });

    it('finds the ticket of a matter although its ID is not known', async () => {
      await send({ key: 'known', title: 'Known' });
      await send({ key: 'known', title: 'Known' }, { mayBeThere: true });
      await send({ key: 'other', title: 'Known' });
      expect(standIn.tickets.filter(({ summary }) => summary.includes(': Known'))).toHaveLength(2);
    });

    it('leaves a ticket closed that people have closed', async () => {
      const receipt = receiptOf(await send({ key: 'done', title: 'Done' }));
      standIn.closeAll();
      const count = standIn.tickets.length;
      expect(await send({ key: 'done', title: 'Done', revision: 2 }, { receipt })).toMatchObject({
        outcome: 'sent',
        receipt,
      });
      expect(standIn.tickets).toHaveLength(count);
      expect(standIn.tickets.at(-1)?.notes).toEqual([]);
    });

    it.each([{ tenant: { tenantId: adatumId, displayName: 'Adatum' } }, { tenant: undefined }])(
      'refuses a message without a company instead of giving it to another one: %j',
      async ({ tenant }) => {
        const count = standIn.tickets.length;
        expect(await send({ tenant })).toMatchObject({
          outcome: 'refused',
          cause: expect.stringContaining('companies') as string,
        });
        expect(standIn.tickets).toHaveLength(count);
      },
    );

    it('has no text of records that the desk would draw as HTML', async () => {
      const sentence = 'She opened [code]<a href="https://evil.example">x</a>[/CODE].';
      const receipt = receiptOf(await send({ key: 'code', title: 'Code' }));
      await send({ key: 'code', title: 'Code', revision: 2, sentence }, { receipt });
      const [note = ''] = standIn.tickets.find(({ summary }) => summary.includes('Code'))?.notes ?? [];
      expect(note).toContain('evil.example');
      if (kind.name === 'serviceNow') expect(note).not.toMatch(/\[\/?code\]/i);
    });

    it('makes no ticket for a test without a tenant', async () => {
      const count = standIn.tickets.length;
      expect(await send({ topic: 'test', tenant: undefined })).toMatchObject({ outcome: 'sent' });
      expect(standIn.tickets).toHaveLength(count);
    });
  });
});
