/** Tickets of HaloPSA. */
import * as z from 'zod';
import type { OpenChannel } from '../../../channels/kind.ts';
import type { HaloPsaSettings } from '../../../channels/kinds/halo-psa.ts';
import type { SenderContext } from '../../../destinations/kind.ts';
import { shortened } from '../../../channels/message.ts';
import { sendByDesk, type TicketDesk } from './desk.ts';
import { createDeskClient, createTokenKeeper, type DeskClient } from './desk-client.ts';

const tokenSchema = z.object({ access_token: z.string(), expires_in: z.number().default(3600) });
const ticketSchema = z.object({
  id: z.int(),
  summary: z.string().nullish(),
  status_id: z.int().optional(),
  hasbeenclosed: z.boolean().optional(),
});
const ticketsSchema = z.object({ tickets: z.array(ticketSchema) });
/** Of what was created or changed: the first one, or itself. */
const createdSchema = z.union([z.object({ id: z.int() }), z.array(z.object({ id: z.int() })).min(1)]);
const actionsSchema = z.object({ actions: z.array(z.object({ note: z.string().nullish() })) });

/** An internal note. */
const noteOutcome = 7;
const maxSummary = 200;

/** Halo has no member of its own for the IDs of others, so the summary ends with it. */
function markOf(key: string): string {
  return `[AK-${key.slice(0, 12)}]`;
}

export const openHaloPsa: OpenChannel<HaloPsaSettings> = (settings, context) =>
  sendByDesk(deskOf(settings, clientOf(settings, context)), settings.companies);

function clientOf(settings: HaloPsaSettings, context: SenderContext): DeskClient {
  const { clientId } = settings;
  const { origin } = new URL(settings.url);
  const token = createTokenKeeper(context, async (signal) => {
    const secret = await context.secret(settings.clientSecret);
    const members = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      scope: 'all',
    };
    return await client.form(`${origin}/auth/token`, members, tokenSchema, signal);
  });
  const client = createDeskClient(context, {
    base: `${origin}/api`,
    certificateAuthority: settings.certificateAuthority,
    headers: async (signal, isRetry) => ({ authorization: `Bearer ${await token(signal, isRetry)}` }),
    nextSteps: {
      401: 'Check clientId, and the client secret in the vault.',
      403: 'Allow the API application to read and to edit tickets.',
      404: 'Check the address of the instance.',
    },
  });
  return client;
}

function deskOf({ ticketType, closedStatus }: HaloPsaSettings, client: DeskClient): TicketDesk<number> {
  const isClosed = ({ status_id: status, hasbeenclosed }: z.output<typeof ticketSchema>) =>
    hasbeenclosed === true || status === closedStatus;
  return {
    async find(key, receipt, signal) {
      if (receipt !== undefined) {
        const found = await client.find(`/Tickets/${receipt}`, ticketSchema, signal);
        return found && { id: String(found.id), isClosed: isClosed(found) };
      }
      const mark = markOf(key);
      const path = `/Tickets?search=${encodeURIComponent(mark)}&count=50`;
      const { tickets } = await client.call({ method: 'GET', path }, ticketsSchema, signal);
      // A search finds what resembles it, too.
      const found = tickets.filter(({ summary }) => summary?.includes(mark) === true).at(-1);
      return found && { id: String(found.id), isClosed: isClosed(found) };
    },
    async create({ key, company, summary, text }, signal) {
      const mark = markOf(key);
      const ticket = {
        summary: `${shortened(summary, maxSummary - mark.length - 1)} ${mark}`,
        details: text,
        tickettype_id: ticketType,
        client_id: company,
      };
      const created = await client.call(
        { method: 'POST', path: '/Tickets', body: [ticket] },
        createdSchema,
        signal,
      );
      return String('id' in created ? created.id : created[0]?.id);
    },
    async note(ticketId, text, signal) {
      const action = {
        ticket_id: Number(ticketId),
        outcome_id: noteOutcome,
        note: text,
        hiddenfromuser: true,
      };
      await client.call({ method: 'POST', path: '/actions', body: [action] }, createdSchema, signal);
    },
    async hasNote(ticketId, text, signal) {
      const path = `/actions?ticket_id=${ticketId}&count=200`;
      const { actions } = await client.call({ method: 'GET', path }, actionsSchema, signal);
      return actions.some(({ note }) => note?.includes(text) === true);
    },
    async close(ticketId, _text, signal) {
      const body = [{ id: Number(ticketId), status_id: closedStatus }];
      await client.call({ method: 'POST', path: '/Tickets', body }, createdSchema, signal);
    },
    end: () => client.end(),
  };
}
