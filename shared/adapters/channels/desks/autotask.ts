/** Tickets of Autotask PSA. */
import * as z from 'zod';
import type { OpenChannel } from '../../../channels/kind.ts';
import type { AutotaskSettings } from '../../../channels/kinds/autotask.ts';
import type { SenderContext } from '../../../destinations/kind.ts';
import { isAtLeast, shortened } from '../../../channels/message.ts';
import { parseJson } from '../../../json.ts';
import type { HttpsAnswer } from '../../destinations/https-client.ts';
import { sendByDesk, type TicketDesk } from './desk.ts';
import { createDeskClient, type DeskClient } from './desk-client.ts';

const ticketsSchema = z.object({ items: z.array(z.object({ id: z.int(), status: z.int() })) });
const notesSchema = z.object({ items: z.array(z.object({ description: z.string().nullish() })) });
const createdSchema = z.object({ itemId: z.int() });
const errorsSchema = z.object({ errors: z.array(z.string()).min(1) });

/** What Autotask takes, in characters. */
const limits = { title: 255, description: 8000, note: 32_000, noteTitle: 250 } as const;
/** A note of the type "Task Summary"; internal. */
const [noteType, publish] = [1, 2];
const dayMs = 24 * 60 * 60_000;

export const openAutotask: OpenChannel<AutotaskSettings> = (settings, context) =>
  sendByDesk(deskOf(settings, clientOf(settings, context), context.now), settings.companies);

function clientOf(settings: AutotaskSettings, context: SenderContext): DeskClient {
  const { url, userName } = settings;
  return createDeskClient(context, {
    base: `${new URL(url).origin}/ATServicesRest/V1.0`,
    certificateAuthority: settings.certificateAuthority,
    headers: async () => ({
      apiintegrationcode: await context.secret(settings.integrationCode),
      username: userName,
      secret: await context.secret(settings.secret),
    }),
    read: readErrors,
    nextSteps: {
      401: 'Check userName, and both secrets in the vault. The address must be that of the zone of the account.',
      403: 'Give the API user the right to read, add, and change tickets and their notes.',
      404: 'Check the address of the zone.',
    },
  });
}

function query(entity: string, field: string, value: string | number) {
  const search = JSON.stringify({ filter: [{ op: 'eq', field, value }], MaxRecords: 500 });
  return { method: 'GET', path: `/${entity}/query?search=${encodeURIComponent(search)}` } as const;
}

function deskOf(
  { queue, priorities, newStatus, closedStatus }: AutotaskSettings,
  client: DeskClient,
  now: () => Date,
): TicketDesk<number> {
  return {
    async find(key, _receipt, signal) {
      const { items } = await client.call(query('Tickets', 'externalID', key), ticketsSchema, signal);
      const newest = items.toSorted((a, b) => b.id - a.id)[0];
      return newest && { id: String(newest.id), isClosed: newest.status === closedStatus };
    },
    async create({ key, company, summary, text, severity }, signal) {
      const ticket = {
        companyID: company,
        queueID: queue,
        status: newStatus,
        externalID: key,
        priority: isAtLeast(severity, 'high') ? priorities.high : priorities.other,
        title: shortened(summary, limits.title),
        description: shortened(text, limits.description),
        dueDateTime: new Date(now().getTime() + dayMs).toISOString(),
      };
      const created = await client.call(
        { method: 'POST', path: '/Tickets', body: ticket },
        createdSchema,
        signal,
      );
      return String(created.itemId);
    },
    async note(ticketId, text, signal) {
      const [first = ''] = text.split('\n');
      const body = {
        title: shortened(first, limits.noteTitle),
        noteType,
        publish,
        description: shortened(text, limits.note),
      };
      await client.call({ method: 'POST', path: `/Tickets/${ticketId}/Notes`, body }, createdSchema, signal);
    },
    async hasNote(ticketId, text, signal) {
      const call = query('TicketNotes', 'ticketID', Number(ticketId));
      const { items } = await client.call(call, notesSchema, signal);
      return items.some(({ description }) => description?.includes(text) === true);
    },
    async close(ticketId, _text, signal) {
      const body = { id: Number(ticketId), status: closedStatus };
      await client.call({ method: 'PATCH', path: '/Tickets', body }, createdSchema, signal);
    },
    end: () => client.end(),
  };
}

/** Autotask answers 500 with a list of errors for what it refuses. Limits of calls pass. */
function readErrors({ status, text }: HttpsAnswer): { readonly isRefusal?: boolean } {
  if (status !== 500) return {};
  const { errors = [] } = errorsSchema.safeParse(parseJson(text)).data ?? {};
  return { isRefusal: errors.length > 0 && !errors.some((error) => /threshold|thread|limit/i.test(error)) };
}
