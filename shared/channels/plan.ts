/** Decides what a channel sends next of what is due. Pure. */
import { severities } from '../detection/severity.ts';
import type { Channel } from './channel.ts';
import type { Waiting } from './delivery.ts';
import { severityNames } from './text/lines.ts';
import { messageOf, type Message } from './message.ts';

const hourMs = 60 * 60_000;

/** `wait`: nothing may be sent before `until`. `send`: these are sent as one message. */
export type Plan<W extends Waiting> =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'wait'; readonly until: Date }
  | { readonly kind: 'send'; readonly parts: readonly [W, ...W[]] };

/** The most matters of one message. */
export const maxTogether = 1000;

/** Those that are still in the last hour. */
export function recentOf(recent: readonly Date[], now: Date): readonly Date[] {
  return recent.filter((at) => at.getTime() > now.getTime() - hourMs);
}

export interface PlanOptions {
  readonly now: Date;
  /** A message is about one tenant only: a ticket belongs to a company. */
  readonly apart: boolean;
}

/**
 * Each by itself while there is room in the hour; all together when there is not enough for each, and always at channels
 * with a digest. Nothing when there is no room at all; what has files has less of it.
 * @param due in any order; at most {@link maxTogether} of them are sent together
 */
export function planNext<W extends Waiting>(
  { digest, floodLimit, recent }: Pick<Channel, 'digest' | 'floodLimit' | 'recent'>,
  due: readonly W[],
  { now, apart }: PlanOptions,
): Plan<W> {
  if (due.length === 0) return { kind: 'nothing' };
  const sent = recentOf(recent, now);
  const room = floodLimit - sent.length;
  const limitOf = (one: W) => (hasFiles(one) ? limitWithFiles(floodLimit) : floodLimit);
  const [first, ...others] = due.filter((one) => sent.length < limitOf(one)).toSorted(byUrgency);
  if (first === undefined)
    return { kind: 'wait', until: roomAt(sent, Math.max(...due.map((one) => limitOf(one)))) };
  // A file belongs to a message of its own.
  const isAlone = hasFiles(first) || (digest === undefined && due.length <= room);
  if (isAlone) return { kind: 'send', parts: [first] };
  const together = others.filter(
    (other) =>
      !hasFiles(other) && (!apart || other.message.tenant?.tenantId === first.message.tenant?.tenantId),
  );
  return { kind: 'send', parts: [first, ...together.slice(0, maxTogether - 1)] };
}

/** A tenth of the hour is left to what has no files: hundreds of reports must not delay a finding. */
function limitWithFiles(floodLimit: number): number {
  return Math.max(1, floodLimit - Math.ceil(floodLimit / 10));
}

/** When fewer than the limit are of the last hour. @param sent at least as many as the limit */
function roomAt(sent: readonly Date[], limit: number): Date {
  const times = sent.map((at) => at.getTime()).toSorted((a, b) => a - b);
  return new Date((times[times.length - limit] ?? 0) + hourMs);
}

function hasFiles({ message: { attachments, body } }: Waiting): boolean {
  return attachments.length > 0 || body !== undefined;
}

/** The most severe first, then the oldest. */
function byUrgency(one: Waiting, other: Waiting): number {
  const bySeverity = severities.indexOf(other.message.severity) - severities.indexOf(one.message.severity);
  const [a, b] = [one.message.createdDateTime, other.message.createdDateTime];
  return bySeverity || (a < b ? -1 : 1);
}

/**
 * One message about several matters, with their number and the first of them.
 * @param messages the most severe first
 */
export function together(messages: readonly [Message, ...Message[]], key: string, now: Date): Message {
  const [first] = messages;
  if (messages.length === 1) return first;
  const tenants = new Set(messages.map(({ tenant }) => tenant?.tenantId));
  const count = messages.length;
  return messageOf({
    key,
    revision: 1,
    topic: first.topic,
    severity: first.severity,
    ...(tenants.size === 1 && first.tenant !== undefined ? { tenant: first.tenant } : {}),
    title: `${count} messages`,
    sentence:
      tenants.size === 1
        ? `${count} matters need attention.`
        : `${count} matters of ${tenants.size} tenants need attention.`,
    facts: severities
      .toReversed()
      .map((severity) => ({ severity, number: messages.filter((each) => each.severity === severity).length }))
      .filter(({ number }) => number > 0)
      .map(({ severity, number }) => ({ name: severityNames[severity], value: String(number) })),
    items: messages.map(({ severity, title, tenant }) => ({
      severity,
      title,
      tenantName: tenant?.displayName,
    })),
    count,
    createdDateTime: now.toISOString(),
  });
}
