/** A link to an event hub, and what is sent by it. Loaded where there is such a destination only. */
import type { Reject, SendResult } from '../../../destinations/kind.ts';
import type { OutgoingBatch } from '../../../destinations/outgoing.ts';
import { connect, type Connection, type Endpoint } from './connection.ts';
import { encodeEvent, encodeMessage } from './event.ts';
import { resultOfFailure, type Failed } from './failure.ts';
import { openLink, type Link } from './link.ts';
import { prepared } from '../relational/sender.ts';
import { fitsAlone, pack } from './pack.ts';

export interface Session {
  readonly connection: Connection;
  readonly link: Link;
}

/** @throws Error of the service or the network; then it leaves no connection */
export async function openSession(endpoint: Endpoint, token: string, signal: AbortSignal): Promise<Session> {
  const connection = await connect(endpoint, signal);
  return await prepared(signal, connection, async () => ({
    connection,
    link: await openLink(connection, endpoint.settings, token),
  }));
}

/**
 * One message after the other, in as few as the event hub takes.
 * @throws Error of the service or the network when the first message was not taken
 */
export async function sendEvents({ link }: Session, { records }: OutgoingBatch): Promise<SendResult> {
  const events = records.map(encodeEvent);
  const rejects = events.flatMap((event, index) => rejectOf(event, index, link.maxMessageBytes));
  const tenantId = records[0]?.record.tenantId ?? '';
  for (const { events: packed, from } of pack(events, link.maxMessageBytes)) {
    try {
      await link.send(encodeMessage(tenantId, packed));
    } catch (error) {
      // What is too large must be named again, so that it does not count as accepted.
      const acceptedFirst = Math.min(from, rejects[0]?.index ?? from);
      if (acceptedFirst === 0) throw error;
      return partOf(resultOfFailure(error), acceptedFirst);
    }
  }
  return { outcome: 'accepted', ...(rejects.length > 0 && { rejects }) };
}

function rejectOf(event: Buffer, index: number, maxBytes: number): readonly Reject[] {
  if (fitsAlone(event, maxBytes)) return [];
  const cause = `The event has ${event.length} bytes; the event hub takes messages of ${maxBytes}.`;
  return [{ index, cause }];
}

/** Those that were taken are not sent again, and the next attempt says what is wrong with the others. */
function partOf(result: Failed, acceptedFirst: number): SendResult {
  if (result.outcome === 'retry') return { ...result, acceptedFirst };
  const cause = result.outcome === 'tooLarge' ? 'The rest of the batch is too large.' : result.cause;
  return { outcome: 'retry', cause, acceptedFirst };
}
