/** Tickets of any desk: one for a matter, changed and not repeated, closed when the matter is. */
import { deliveryIdOf } from '../../../channels/delivery.ts';
import type { ChannelSender, OutgoingMessage, SendOutcome } from '../../../channels/kind.ts';
import { shortened, type Message } from '../../../channels/message.ts';
import { headline, plainLines } from '../../../channels/text/lines.ts';
import type { Failed } from '../answer.ts';

export interface FoundTicket {
  readonly id: string;
  readonly isClosed: boolean;
}

export interface TicketDraft<Company> {
  /** Names the matter: 32 hexadecimal digits. */
  readonly key: string;
  readonly company: Company;
  readonly summary: string;
  readonly text: string;
  readonly severity: Message['severity'];
}

/** What a desk can do. Its methods throw DeskFailure. */
export interface TicketDesk<Company> {
  /** The newest ticket of the matter. @param receipt its ID, if it is known */
  find(key: string, receipt: string | undefined, signal: AbortSignal): Promise<FoundTicket | undefined>;
  /** @returns its ID */
  create(draft: TicketDraft<Company>, signal: AbortSignal): Promise<string>;
  note(ticketId: string, text: string, signal: AbortSignal): Promise<void>;
  /** Whether a note contains the text. */
  hasNote(ticketId: string, text: string, signal: AbortSignal): Promise<boolean>;
  close(ticketId: string, text: string, signal: AbortSignal): Promise<void>;
  end(): Promise<void>;
}

/** A call of a desk that did not succeed. */
export class DeskFailure extends Error {
  override readonly name = 'DeskFailure';
  readonly failed: Failed;

  constructor(failed: Failed) {
    super(failed.cause);
    this.failed = failed;
  }
}

/** @param companies by tenant ID */
export function sendByDesk<Company>(
  desk: TicketDesk<Company>,
  companies: Readonly<Record<string, Company>>,
): ChannelSender {
  return {
    async send(outgoing, signal) {
      try {
        return await ticketFor(desk, companies, outgoing, signal);
      } catch (error) {
        if (error instanceof DeskFailure) return error.failed;
        throw error;
      }
    },
    close: () => desk.end(),
  };
}

async function ticketFor<Company>(
  desk: TicketDesk<Company>,
  companies: Readonly<Record<string, Company>>,
  outgoing: OutgoingMessage,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { message, receipt } = outgoing;
  const key = deliveryIdOf(message.key);
  const found = await desk.find(key, receipt, signal);
  // A test without a tenant makes no ticket: that the desk answers is what can be tried.
  if (message.topic === 'test' && message.tenant === undefined) return { outcome: 'sent' };
  if (found !== undefined) return await change(desk, found, outgoing, signal);
  if (message.closed) return { outcome: 'sent' };
  const company = message.tenant === undefined ? undefined : companies[message.tenant.tenantId];
  if (company === undefined) return noCompany(message);
  const ticketId = await desk.create(draftOf(outgoing, key, company), signal);
  return { outcome: 'sent', receipt: ticketId };
}

/** Never the company of another tenant. */
function noCompany({ tenant }: Message): SendOutcome {
  const which = tenant === undefined ? 'It belongs to no tenant' : `Tenant ${tenant.tenantId} has no company`;
  const cause = `${which} in the settings of the channel (companies).`;
  return { outcome: 'refused', cause, concernsTenant: true };
}

function draftOf<Company>(
  { message, link }: OutgoingMessage,
  key: string,
  company: Company,
): TicketDraft<Company> {
  const { severity } = message;
  return { key, company, severity, summary: headline(message), text: plainLines(message, link) };
}

/** The shortest limit of the desks, and room for the mark. */
const maxNote = 3500;

async function change<Company>(
  desk: TicketDesk<Company>,
  { id, isClosed }: FoundTicket,
  outgoing: OutgoingMessage,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { message, link, receipt, mayBeThere } = outgoing;
  const unchanged = { outcome: 'sent', receipt: id, repeated: true } as const;
  // People closed it: it stays closed. Or it was created by an attempt whose answer was lost.
  if (isClosed || (receipt === undefined && mayBeThere && !message.closed)) return unchanged;
  const mark = `Auditkeep ${outgoing.id}`;
  const isThere = mayBeThere && (await desk.hasNote(id, mark, signal));
  const text = `${shortened(plainLines(message, link), maxNote)}\n\n${mark}`;
  if (!isThere) await desk.note(id, text, signal);
  if (message.closed) await desk.close(id, shortened(text, 1000), signal);
  return { outcome: 'sent', receipt: id, repeated: isThere };
}
