/** The port of channels: what each kind declares, and how messages are sent to it. */
import type * as z from 'zod';
import { SecretUnavailableError, type SenderContext } from '../destinations/kind.ts';
import type { Message } from './message.ts';

/** A file as it is attached. */
export interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** A message on its way. */
export interface OutgoingMessage {
  /** A GUID: the same whenever and by whichever host this message is sent. */
  readonly id: string;
  readonly message: Message;
  /** Address of the matter in the console; absent if the address of the console is not known. */
  readonly link?: string | undefined;
  readonly attachments: readonly Attachment[];
  /** What mail shows below the details: HTML for a cell of a table, with styles in its elements. */
  readonly body?: string | undefined;
  /** What the receiver called the matter when it was sent before; absent if it never was. */
  readonly receipt?: string | undefined;
  /** An earlier attempt ended without an answer: the receiver may have it. */
  readonly mayBeThere: boolean;
}

/**
 * What became of a message.
 * - `sent`: the receiver has it. `receipt`: what it calls it; `repeated`: it had it before.
 * - `retry`: a later attempt may succeed. `mayBeThere`: this one may have.
 * - `misconfigured`: it does not have it, and will not until someone acts; `nextStep` says what to do.
 * - `refused`: it does not have it, and refuses this one for good; `cause` says why, without content of the message.
 *   `concernsTenant`: because of its tenant, which says nothing about messages of others.
 */
export type SendOutcome =
  | { readonly outcome: 'sent'; readonly receipt?: string | undefined; readonly repeated?: boolean }
  | {
      readonly outcome: 'retry';
      readonly cause: string;
      /** Milliseconds that the receiver wants to be left alone. */
      readonly afterMs?: number | undefined;
      readonly mayBeThere: boolean;
    }
  | { readonly outcome: 'misconfigured'; readonly cause: string; readonly nextStep: string }
  | { readonly outcome: 'refused'; readonly cause: string; readonly concernsTenant?: boolean };

/** Sends to one channel, from one invocation; one message after the other. */
export interface ChannelSender {
  /**
   * Makes one attempt. Never throws for what the receiver or the network does.
   * @param signal closes its connections
   */
  send(outgoing: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>;
  /** Ends its connections. */
  close(): Promise<void>;
}

export type OpenChannel<Settings> = (settings: Settings, context: SenderContext) => ChannelSender;

/** What a kind of channels declares; `Settings` as they are after parsing. */
export interface ChannelKind<Name extends string, Settings> {
  readonly name: Name;
  /** A few words for people. */
  readonly title: string;
  /** Strict, and without secrets: it names them. */
  readonly settings: z.ZodType<Settings>;
  /** Whether a message that is sent twice is there once. */
  readonly tellsRepeats: boolean;
  /** Whether it changes what it sent when the matter changes, and closes it: tickets, incidents. */
  readonly followsMatters: boolean;
}

/** A kind with its sender, for settings that are parsed when they are used. */
export interface BoundChannelKind {
  readonly name: string;
  readonly title: string;
  readonly tellsRepeats: boolean;
  readonly followsMatters: boolean;
  /**
   * @param explain puts into words what is wrong with settings
   * @throws ZodError for settings of another kind, or that an earlier release stored
   */
  configured(
    settings: unknown,
    explain?: z.core.$ZodErrorMap,
  ): { readonly open: (context: SenderContext) => ChannelSender };
}

const checkVault = 'Add the secret to the vault, and allow the identity of the app to read it.';

/** Senders read secrets and tokens when they send: a failure to do so is an answer like any other. */
function guarded(sender: ChannelSender): ChannelSender {
  return {
    ...sender,
    async send(outgoing, signal) {
      try {
        return await sender.send(outgoing, signal);
      } catch (error) {
        if (error instanceof SecretUnavailableError)
          return { outcome: 'misconfigured', cause: error.message, nextStep: checkVault };
        // Messages of other errors may hold addresses and content.
        return { outcome: 'retry', cause: error instanceof Error ? error.name : 'Error', mayBeThere: true };
      }
    },
  };
}

/** Joins what the domain declares and an adapter does. */
export function bindChannelKind<Settings>(
  { settings: schema, name, title, tellsRepeats, followsMatters }: ChannelKind<string, Settings>,
  open: OpenChannel<Settings>,
): BoundChannelKind {
  return {
    name,
    title,
    tellsRepeats,
    followsMatters,
    configured(stored, explain) {
      const settings = schema.parse(stored, explain === undefined ? {} : { error: explain });
      return { open: (context) => guarded(open(settings, context)) };
    },
  };
}
