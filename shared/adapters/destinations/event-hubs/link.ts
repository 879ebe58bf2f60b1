/** The link by which events are sent to an event hub, after it has accepted a token. */
import { randomUUID } from 'node:crypto';
import type { EventContext, Message, Sender } from 'rhea';
import type { EventHubsSettings } from '../../../destinations/kinds/event-hubs.ts';
import { conditionOf, type Connection } from './connection.ts';
import { AmqpRefusedError, TokenRefusedError } from './failure.ts';
import { audienceOf, typeOfToken } from './token.ts';

export interface Link {
  /** What the event hub takes at most, in bytes. */
  readonly maxMessageBytes: number;
  /** Resolves when the event hub has taken it. @throws Error of the service or the network */
  send(message: Buffer): Promise<undefined>;
}

/** Of the smallest tier, for a service that names no limit. */
const leastBytes = 256 * 1024;
/** A message that has several events. */
const batchFormat = 0x80_01_37_00;

/** @throws Error of the service or the network */
export async function openLink(
  connection: Connection,
  settings: EventHubsSettings,
  token: string,
): Promise<Link> {
  await putToken(connection, settings, token);
  const sender = await openSender(connection, settings.eventHub);
  const told: unknown = sender.max_message_size;
  return {
    maxMessageBytes: typeof told === 'number' && told > 0 ? told : leastBytes,
    send: delivererBy(connection, sender),
  };
}

/**
 * By claims-based security, which is how all services of this kind take tokens.
 * @see https://docs.oasis-open.org/amqp/amqp-cbs/v1.0/amqp-cbs-v1.0.html
 */
async function putToken(connection: Connection, settings: EventHubsSettings, token: string): Promise<void> {
  const node = '$cbs';
  const replyTo = `auditkeep-${randomUUID()}`;
  const sender = await openSender(connection, node);
  const answer = await connection.during<EventContext>((resolve, reject) => {
    const receiver = connection.amqp.open_receiver({
      name: replyTo,
      source: { address: node },
      target: { address: replyTo },
    });
    receiver.once('message', resolve).once('receiver_error', ({ receiver: link }: EventContext) => {
      reject(refusalOf(link?.error));
    });
    receiver.once('receiver_open', () => {
      sender.send({
        to: node,
        reply_to: replyTo,
        message_id: randomUUID(),
        body: token,
        application_properties: {
          operation: 'put-token',
          type: typeOfToken(settings),
          name: audienceOf(settings),
        },
      });
    });
  });
  const status = statusIn(answer.message);
  if (status < 200 || status > 299) throw new TokenRefusedError(status);
}

/** Services write the name in two ways. */
function statusIn(message: Message | undefined): number {
  const properties: Readonly<Record<string, unknown>> = message?.application_properties ?? {};
  const status = properties['status-code'] ?? properties['statusCode'];
  return typeof status === 'number' ? status : 500;
}

/** Resolves once something may be sent: a link that is refused is open for a moment, too. */
async function openSender(connection: Connection, address: string): Promise<Sender> {
  return await connection.during<Sender>((resolve, reject) => {
    const sender = connection.amqp.open_sender({ target: { address } });
    const refused = () => {
      reject(refusalOf(sender.error));
    };
    sender.once('sendable', () => {
      resolve(sender);
    });
    sender.on('sender_error', refused).on('sender_close', refused);
  });
}

/** One message at a time. */
function delivererBy(connection: Connection, sender: Sender): Link['send'] {
  let waiting:
    { readonly resolve: (taken: undefined) => void; readonly reject: (error: Error) => void } | undefined;
  const refuse = (error: unknown) => waiting?.reject(refusalOf(error));
  sender.on('accepted', () => waiting?.resolve(undefined));
  for (const name of ['rejected', 'released', 'modified'])
    sender.on(name, ({ delivery }: EventContext) => refuse(delivery?.remote_state?.['error']));
  for (const name of ['sender_error', 'sender_close']) sender.on(name, () => refuse(sender.error));
  return (message) =>
    connection.during((resolve, reject) => {
      waiting = { resolve, reject };
      sender.send(message, undefined, batchFormat);
    });
}

function refusalOf(error: unknown): AmqpRefusedError {
  return new AmqpRefusedError(conditionOf(error) ?? 'amqp:internal-error');
}
