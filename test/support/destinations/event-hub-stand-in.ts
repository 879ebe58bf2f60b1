/**
 * Stands in for a namespace of Event Hubs with one event hub, by AMQP over TLS: takes tokens by claims-based security, and
 * events in messages of several, as the service is documented to.
 * @see https://learn.microsoft.com/azure/event-hubs/event-hubs-amqp-protocol
 */
import { createHmac } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import rhea, { type Connection, type EventContext, type Sender } from 'rhea';
import * as z from 'zod';
import type { Behavior } from '../../contract/destinations/senders.ts';
import { createServerCertificate } from '../../simulator/ca.ts';

/** An event as readers of the event hub see it. */
export interface ReceivedEvent {
  readonly id: string;
  readonly partitionKey: unknown;
  readonly contentType: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** What becomes of a message: taken, refused with a condition of AMQP, or `cut` after it was taken, or `held`. */
export type Fate = 'taken' | 'cut' | 'held' | { readonly condition: string };

export interface EventHubStandIn {
  readonly ca: string;
  readonly port: number;
  readonly eventHub: string;
  /** With the right to send. */
  readonly connectionString: string;
  /** In the order in which they came. */
  readonly events: readonly ReceivedEvent[];
  /** As they came, in the format of batches. */
  readonly messages: readonly Buffer[];
  /** Audiences of tokens that were accepted. */
  readonly audiences: readonly string[];
  readonly behave: (behavior: Behavior | undefined) => void;
  /** Decides on the next messages; undefined: as `behave` says. */
  readonly decide: (fate: ((events: readonly ReceivedEvent[]) => Fate) | undefined) => void;
  /** Refuses links to the event hub with this condition. */
  readonly refuseLinks: (condition: string | undefined) => void;
  /** Answers tokens with this status. */
  readonly answerTokens: (status: number | undefined) => void;
  /** Ends all connections, as the service does with idle ones. */
  readonly endConnections: (condition?: string) => void;
  readonly stop: () => Promise<void>;
}

export interface EventHubOptions {
  /** Of a message. @default as of all tiers but the smallest */
  readonly maxMessageBytes?: number;
  readonly isTokenAllowed?: (token: string) => boolean;
}

const eventHub = 'records';
const [keyName, key] = ['auditkeep', Buffer.from('for tests only').toString('base64')];

const tokenSchema = z.object({
  ...{ reply_to: z.string(), message_id: z.string(), body: z.string() },
  application_properties: z.object({
    operation: z.literal('put-token'),
    type: z.enum(['jwt', 'servicebus.windows.net:sastoken']),
    name: z.string(),
  }),
});

const conditions: Partial<Record<Behavior, string>> = {
  busy: 'com.microsoft:server-busy',
  unavailable: 'amqp:internal-error',
};

export async function startEventHubStandIn({
  maxMessageBytes = 1_048_576,
  isTokenAllowed = (token) => token === 'token for https://eventhubs.azure.net/.default',
}: EventHubOptions = {}): Promise<EventHubStandIn> {
  const { caPem, certificatePem, privateKeyPem } = await createServerCertificate();
  const [events, messages, audiences] = [
    new Array<ReceivedEvent>(),
    new Array<Buffer>(),
    new Array<string>(),
  ];
  const connections = new Set<Connection>();
  let behavior: Behavior | undefined;
  let decide: ((events: readonly ReceivedEvent[]) => Fate) | undefined;
  let linkCondition: string | undefined;
  let tokenStatus: number | undefined;

  const fateOf = (came: readonly ReceivedEvent[]): Fate => {
    if (decide !== undefined) return decide(came);
    if (behavior === 'full' && came.length > 2) return { condition: 'amqp:link:message-size-exceeded' };
    if (behavior === 'cut') return 'cut';
    const condition = behavior === undefined ? undefined : conditions[behavior];
    return condition === undefined ? 'taken' : { condition };
  };
  const takeEvents = ({ delivery, message }: EventContext) => {
    const content = z.instanceof(Buffer).parse(message);
    const came = eventsIn(content);
    const fate = fateOf(came);
    messages.push(content);
    if (typeof fate === 'string') events.push(...came);
    if (fate === 'cut') cutAll();
    else if (fate === 'taken') delivery?.accept();
    else if (fate !== 'held') delivery?.reject({ ...fate, description: 'ada@fabrikam.example' });
  };
  const replies = new Map<string, Sender>();
  const takeToken = (message: unknown) => {
    const { reply_to: to, message_id, body, application_properties: asked } = tokenSchema.parse(message);
    const isAllowed = asked.type === 'jwt' ? isTokenAllowed(body) : isSigned(body, asked.name);
    const status = tokenStatus ?? (behavior === 'wrongSecret' || !isAllowed ? 401 : 202);
    if (status === 202) audiences.push(asked.name);
    const application_properties = { 'status-code': status, 'status-description': 'ada@fabrikam.example' };
    replies.get(to)?.send({ to, correlation_id: message_id, application_properties, body: '' });
  };
  /** Why a link may not be opened. */
  const refusalOf = (address: unknown): string | undefined => {
    if (linkCondition !== undefined) return linkCondition;
    if (address !== eventHub) return 'amqp:not-found';
    const isKnown = audiences.some((audience) => audience.endsWith(`/${eventHub}`));
    return behavior === 'forbidden' || !isKnown ? 'amqp:unauthorized-access' : undefined;
  };

  const sockets = new Set<Socket>();
  const container = rhea.create_container({ id: 'event-hubs' });
  container.on('connection_open', ({ connection }: EventContext) => connections.add(connection));
  container.on('disconnected', ({ connection }: EventContext) => connections.delete(connection));
  container.on('receiver_open', ({ receiver }: EventContext) => {
    if (receiver === undefined) return;
    const condition = receiver.target.address === '$cbs' ? undefined : refusalOf(receiver.target.address);
    if (condition === undefined) receiver.add_credit(1000);
    else receiver.close({ condition, description: 'ada@fabrikam.example' });
  });
  container.on('sender_open', ({ sender }: EventContext) => {
    if (sender !== undefined) replies.set(sender.name, sender);
  });
  container.on('message', (context: EventContext) => {
    context.receiver?.add_credit(1);
    if (context.receiver?.target.address !== '$cbs') takeEvents(context);
    else {
      context.delivery?.accept();
      takeToken(context.message);
    }
  });
  for (const name of ['error', 'protocol_error', 'connection_error', 'session_error', 'sender_error'])
    container.on(name, () => undefined);

  const listener = container.listen({
    ...{ port: 0, host: '127.0.0.1', transport: 'tls', cert: certificatePem, key: privateKeyPem },
    receiver_options: { credit_window: 0, autoaccept: false, max_message_size: maxMessageBytes },
  });
  listener.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  listener.on('tlsClientError', () => undefined);
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as AddressInfo;
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    ...{ ca: caPem, port, eventHub, events, messages, audiences },
    connectionString: `Endpoint=sb://127.0.0.1/;SharedAccessKeyName=${keyName};SharedAccessKey=${key}`,
    behave: (next) => {
      behavior = next;
    },
    decide: (next) => {
      decide = next;
    },
    refuseLinks: (next) => {
      linkCondition = next;
    },
    answerTokens: (next) => {
      tokenStatus = next;
    },
    endConnections: (condition) => {
      if (condition === undefined) cutAll();
      else for (const connection of connections) connection.close({ condition, description: 'ada' });
    },
    stop: () =>
      new Promise((resolve) => {
        cutAll();
        listener.close(() => {
          resolve();
        });
      }),
  };
}

const batchSchema = z.object({
  body: z.object({ content: z.union([z.instanceof(Buffer), z.array(z.instanceof(Buffer))]) }),
});
const eventSchema = z.object({
  message_id: z.string(),
  content_type: z.string().optional(),
  message_annotations: z.record(z.string(), z.unknown()).optional(),
  application_properties: z.record(z.string(), z.unknown()).default({}),
  body: z.object({ content: z.instanceof(Buffer) }),
});

/** Events of a message in the format of batches, which holds them as messages of their own. */
function eventsIn(message: Buffer): readonly ReceivedEvent[] {
  const { content } = batchSchema.parse(rhea.message.decode(message)).body;
  return (Array.isArray(content) ? content : [content]).map((each) => {
    const event = eventSchema.parse(rhea.message.decode(each));
    return {
      id: event.message_id,
      partitionKey: event.message_annotations?.['x-opt-partition-key'],
      contentType: event.content_type,
      properties: event.application_properties,
      body: event.body.content,
    };
  });
}

/** As the service checks a shared access signature. */
function isSigned(token: string, audience: string): boolean {
  const fields = new Map(
    token
      .replace('SharedAccessSignature ', '')
      .split('&')
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)] as const),
  );
  const [resource = '', expires = ''] = [fields.get('sr'), fields.get('se')];
  const signature = createHmac('sha256', key).update(`${resource}\n${expires}`).digest('base64');
  return (
    decodeURIComponent(resource) === audience &&
    fields.get('skn') === keyName &&
    decodeURIComponent(fields.get('sig') ?? '') === signature
  );
}
