/** The port of destinations: what each kind declares, and how batches are sent to it. */
import type * as z from 'zod';
import type { EncodedRecord, OutgoingBatch, OutgoingRecord } from './outgoing.ts';

/** Of one batch. A single record may be larger: it is then sent alone. */
export interface BatchLimits {
  readonly records: number;
  /** Of all bodies together. */
  readonly bytes: number;
  /**
   * Milliseconds for which the records of a batch that is not full wait for others, from the arrival of the first one;
   * absent: none.
   */
  readonly waitMs?: number;
}

/** A record that the receiver refuses for good. */
export interface Reject {
  /** In the batch, from 0. */
  readonly index: number;
  /** Why, in the receiver's words or ours; without content of the record. */
  readonly cause: string;
}

/**
 * What became of a batch.
 * - `accepted`: the receiver has all records but the rejects. `duplicates`: how many it had before, if it can tell.
 * - `refused`: it has none, and refuses some of them without saying which; `cause` as of a reject.
 * - `tooLarge`: it has none, and smaller batches may be accepted.
 * - `retry`: it may have none, some, or all, and a later attempt may succeed. `acceptedFirst`: it has so many of the
 *   first records for certain; they are not sent again.
 * - `misconfigured`: it has none, and will not until someone acts; `nextStep` says what to do.
 */
export type SendResult =
  | { readonly outcome: 'accepted'; readonly rejects?: readonly Reject[]; readonly duplicates?: number }
  | { readonly outcome: 'refused'; readonly cause: string }
  | { readonly outcome: 'tooLarge' }
  | {
      readonly outcome: 'retry';
      readonly cause: string;
      /** Milliseconds that the receiver wants to be left alone. */
      readonly afterMs?: number | undefined;
      readonly acceptedFirst?: number;
    }
  | { readonly outcome: 'misconfigured'; readonly cause: string; readonly nextStep: string };

/** What a test of a destination tries, in this order. */
export const testSteps = ['resolve', 'connect', 'authenticate', 'authorize', 'send'] as const;

export interface TestStep {
  readonly step: (typeof testSteps)[number];
  readonly succeeded: boolean;
  /** What happened, without secrets. */
  readonly detail: string;
  /** What to do, if it failed. */
  readonly nextStep?: string | undefined;
}

/** Sends to one destination, from one invocation; one batch after the other. */
export interface DestinationSender {
  /**
   * Makes one attempt. Never throws for what the receiver or the network does.
   * @param signal closes its connections
   */
  send(batch: OutgoingBatch, signal: AbortSignal): Promise<SendResult>;
  /** Tries each step until one fails. What it stores at the receiver does not look like a record. */
  test(signal: AbortSignal): Promise<readonly TestStep[]>;
  /** Ends its connections. */
  close(): Promise<void>;
}

/** What senders share. */
export interface SenderContext {
  /**
   * A secret by its name, at most five minutes old.
   * @throws SecretUnavailableError when there is none, or the vault cannot be read
   */
  readonly secret: (name: string) => Promise<string>;
  /** An access token of the app's identity. @param scope ends with `/.default` @throws when there is none */
  readonly token: (scope: string) => Promise<string>;
  /** Whether an IP address may be connected to. */
  readonly isAllowed: (address: string) => boolean;
  readonly now: () => Date;
}

export type OpenSender<Settings> = (settings: Settings, context: SenderContext) => DestinationSender;

/** What a kind of destinations declares; `Settings` as they are after parsing. */
export interface DestinationKind<Name extends string, Settings> {
  readonly name: Name;
  /** A few words for people. */
  readonly title: string;
  /** Strict, and without secrets: it names them. */
  readonly settings: z.ZodType<Settings>;
  readonly limits: (settings: Settings) => BatchLimits;
  /** Pure: the same record gives the same bytes. */
  readonly encode: (record: OutgoingRecord, settings: Settings) => Buffer;
  /** Whether a record that is sent twice is there twice. */
  readonly keepsDuplicates: boolean;
}

/** A kind with its sender, for settings that are parsed when they are used. */
export interface BoundKind {
  readonly name: string;
  readonly title: string;
  readonly keepsDuplicates: boolean;
  /**
   * @param explain puts into words what is wrong with settings
   * @throws ZodError for settings of another kind, or that an earlier release stored
   */
  configured(settings: unknown, explain?: z.core.$ZodErrorMap): ConfiguredKind;
}

export interface ConfiguredKind {
  readonly limits: BatchLimits;
  readonly encode: (record: OutgoingRecord) => EncodedRecord;
  readonly open: (context: SenderContext) => DestinationSender;
}

/** There is no such secret, or it cannot be read. The message names it and says what to do. */
export class SecretUnavailableError extends Error {
  override readonly name = 'SecretUnavailableError';
}

const checkVault = 'Add the secret to the vault, and allow the identity of the app to read it.';

/** Senders read secrets and tokens when they send: a failure to do so is an answer like any other. */
function guarded(sender: DestinationSender): DestinationSender {
  return {
    ...sender,
    async send(batch, signal) {
      try {
        return await sender.send(batch, signal);
      } catch (error) {
        if (error instanceof SecretUnavailableError)
          return { outcome: 'misconfigured', cause: error.message, nextStep: checkVault };
        // Messages of other errors may hold addresses and content.
        return { outcome: 'retry', cause: error instanceof Error ? error.name : 'Error' };
      }
    },
    async test(signal) {
      try {
        return await sender.test(signal);
      } catch (error) {
        const detail =
          error instanceof SecretUnavailableError ? error.message : 'The test ended with an error.';
        return [{ step: 'authenticate', succeeded: false, detail, nextStep: checkVault }];
      }
    },
  };
}

/** Joins what the domain declares and an adapter does. */
export function bindKind<Settings>(
  { name, title, keepsDuplicates, settings: schema, limits, encode }: DestinationKind<string, Settings>,
  open: OpenSender<Settings>,
): BoundKind {
  return {
    name,
    title,
    keepsDuplicates,
    configured(stored, explain) {
      const settings = schema.parse(stored, explain === undefined ? {} : { error: explain });
      return {
        limits: limits(settings),
        encode: (record) => ({ record, body: encode(record, settings) }),
        open: (context) => guarded(open(settings, context)),
      };
    },
  };
}
