/** Service tickets of ConnectWise PSA. */
import * as z from 'zod';
import type { OpenChannel } from '../../../channels/kind.ts';
import type { ConnectWiseSettings } from '../../../channels/kinds/connect-wise.ts';
import type { SenderContext } from '../../../destinations/kind.ts';
import { shortened } from '../../../channels/message.ts';
import { sendByDesk, type TicketDesk } from './desk.ts';
import { createDeskClient, type DeskClient } from './desk-client.ts';

const ticketsSchema = z.array(z.object({ id: z.int(), closedFlag: z.boolean().default(false) }));
const createdSchema = z.object({ id: z.int() });
const notesSchema = z.array(z.object({ text: z.string().nullish() }));

/** ConnectWise refuses a longer one. */
const maxSummary = 100;
const notesOfTicket = 1000;

export const openConnectWise: OpenChannel<ConnectWiseSettings> = (settings, context) =>
  sendByDesk(deskOf(settings, clientOf(settings, context)), settings.companies);

function clientOf(settings: ConnectWiseSettings, context: SenderContext): DeskClient {
  const { url, company, publicKey, privateKey, clientId, certificateAuthority } = settings;
  return createDeskClient(context, {
    base: `${new URL(url).origin}/v4_6_release/apis/3.0/service/tickets`,
    certificateAuthority,
    headers: async () => {
      const user = `${company}+${publicKey}:${await context.secret(privateKey)}`;
      return { authorization: `Basic ${Buffer.from(user).toString('base64')}`, clientid: clientId };
    },
    nextSteps: {
      401: 'Check company, publicKey, and the private key in the vault.',
      403: 'Allow the API member to read and to change service tickets, and check clientId.',
      404: 'Check the address of the API.',
    },
  });
}

function deskOf({ board, closedStatus }: ConnectWiseSettings, client: DeskClient): TicketDesk<number> {
  return {
    async find(key, _receipt, signal) {
      const conditions = encodeURIComponent(`externalXRef="${key}"`);
      const path = `?conditions=${conditions}&fields=id,closedFlag&orderBy=id%20desc&pageSize=1`;
      const [found] = await client.call({ method: 'GET', path }, ticketsSchema, signal);
      return found && { id: String(found.id), isClosed: found.closedFlag };
    },
    async create({ key, company: id, summary, text }, signal) {
      const ticket = {
        summary: shortened(summary, maxSummary),
        initialDescription: text,
        externalXRef: key,
        board: { id: board },
        company: { id },
      };
      const created = await client.call({ method: 'POST', path: '', body: ticket }, createdSchema, signal);
      return String(created.id);
    },
    async note(ticketId, text, signal) {
      const body = {
        text,
        internalAnalysisFlag: true,
        detailDescriptionFlag: false,
        resolutionFlag: false,
      };
      await client.call({ method: 'POST', path: `/${ticketId}/notes`, body }, createdSchema, signal);
    },
    async hasNote(ticketId, text, signal) {
      const path = `/${ticketId}/notes?pageSize=${notesOfTicket}&orderBy=id%20desc`;
      const notes = await client.call({ method: 'GET', path }, notesSchema, signal);
      return notes.some((note) => note.text?.includes(text) === true);
    },
    async close(ticketId, _text, signal) {
      const body = [{ op: 'replace', path: 'status', value: { id: closedStatus } }];
      await client.call({ method: 'PATCH', path: `/${ticketId}`, body }, createdSchema, signal);
    },
    end: () => client.end(),
  };
}
