/** Incidents of ServiceNow. */
import * as z from 'zod';
import type { OpenChannel } from '../../../channels/kind.ts';
import type { ServiceNowSettings } from '../../../channels/kinds/service-now.ts';
import { shortened, type Message } from '../../../channels/message.ts';
import { sendByDesk } from './desk.ts';
import { createDeskClient, createTokenKeeper } from './desk-client.ts';

const tokenSchema = z.object({ access_token: z.string(), expires_in: z.number().default(1800) });
const foundSchema = z.object({ result: z.array(z.object({ sys_id: z.string(), active: z.string() })) });
const rowsSchema = z.object({ result: z.array(z.unknown()) });
const createdSchema = z.object({ result: z.object({ sys_id: z.string() }) });

/** What ServiceNow takes, in characters. */
const [maxSummary, maxText] = [160, 4000];

/** Urgency and impact: 1 is the highest. */
const ranks: Readonly<Record<Message['severity'], '1' | '2' | '3'>> = {
  critical: '1',
  high: '1',
  medium: '2',
  low: '3',
  informational: '3',
};

/** In its journals, ServiceNow draws as HTML what is between such brackets. */
function withoutCode(text: string): string {
  return text.replaceAll(/\[(?=\/?code\])/gi, '[ ');
}

const nextSteps = {
  401: 'Check clientId, the client secret in the vault, and that the instance allows client credentials.',
  403: 'Give the user of the OAuth application the role itil, or one that may write the table.',
  404: 'Check the address of the instance, and the table.',
};

export const openServiceNow: OpenChannel<ServiceNowSettings> = (settings, context) => {
  const { clientId, companies, table, assignmentGroup, closedState, closeCode } = settings;
  const { origin } = new URL(settings.url);
  const token = createTokenKeeper(context, async (signal) => {
    const secret = await context.secret(settings.clientSecret);
    const members = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
    return await client.form(`${origin}/oauth_token.do`, members, tokenSchema, signal);
  });
  const client = createDeskClient(context, {
    base: `${origin}/api/now/table`,
    certificateAuthority: settings.certificateAuthority,
    headers: async (signal, isRetry) => ({ authorization: `Bearer ${await token(signal, isRetry)}` }),
    nextSteps,
  });
  const patch = (ticketId: string, body: object, signal: AbortSignal) =>
    client.call({ method: 'PATCH', path: `/${table}/${ticketId}`, body }, createdSchema, signal);
  return sendByDesk<string>(
    {
      async find(key, _receipt, signal) {
        const query = encodeURIComponent(`correlation_id=${key}^ORDERBYDESCsys_created_on`);
        const path = `/${table}?sysparm_query=${query}&sysparm_fields=sys_id,active&sysparm_limit=1`;
        const { result } = await client.call({ method: 'GET', path }, foundSchema, signal);
        const [found] = result;
        return found && { id: found.sys_id, isClosed: found.active === 'false' };
      },
      async create({ key, company, summary, text, severity }, signal) {
        const incident = {
          short_description: shortened(summary, maxSummary),
          description: shortened(withoutCode(text), maxText),
          company,
          correlation_id: key,
          correlation_display: 'Auditkeep',
          urgency: ranks[severity],
          impact: ranks[severity],
          ...(assignmentGroup === undefined ? {} : { assignment_group: assignmentGroup }),
        };
        const call = { method: 'POST', path: `/${table}`, body: incident } as const;
        return (await client.call(call, createdSchema, signal)).result.sys_id;
      },
      async note(ticketId, text, signal) {
        await patch(ticketId, { work_notes: withoutCode(text) }, signal);
      },
      async hasNote(ticketId, text, signal) {
        const query = encodeURIComponent(`element_id=${ticketId}^element=work_notes^valueLIKE${text}`);
        const path = `/sys_journal_field?sysparm_query=${query}&sysparm_fields=sys_id&sysparm_limit=1`;
        const { result } = await client.call({ method: 'GET', path }, rowsSchema, signal);
        return result.length > 0;
      },
      async close(ticketId, text, signal) {
        await patch(
          ticketId,
          { state: closedState, close_code: closeCode, close_notes: withoutCode(text) },
          signal,
        );
      },
      end: () => client.end(),
    },
    companies,
  );
};
