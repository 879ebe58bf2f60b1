/** What errors of Event Hubs mean for a batch. */
import * as z from 'zod';
import type { SendResult } from '../../../destinations/kind.ts';
import { resultOfUnreached } from '../https-client.ts';

/** Of AMQP: what the service says about a message, a link, or the connection. */
export class AmqpRefusedError extends Error {
  override readonly name = 'AmqpRefusedError';
  /** Such as `amqp:unauthorized-access`. Descriptions may repeat what was sent. */
  readonly condition: string;
  constructor(condition: string) {
    super(condition);
    this.condition = condition;
  }
}

/** The service does not accept the token; the status is like one of HTTP. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
  readonly status: number;
  constructor(status: number) {
    super(String(status));
    this.status = status;
  }
}

const codedError = z.object({ code: z.string() });

/** Whether the connection may be gone, so that another one may succeed. */
export function isLost(error: unknown): boolean {
  if (error instanceof AmqpRefusedError) return ended.has(error.condition);
  return !(error instanceof TokenRefusedError);
}

/** What was not used for a while, or is moved to another machine. */
const ended: ReadonlySet<string> = new Set(['amqp:connection:forced', 'amqp:link:detach-forced']);

/** The code of an error of the network or of TLS. */
export function networkCodeOf(error: unknown): string {
  return codedError.safeParse(error).data?.code ?? 'Network';
}

export type Failed = Exclude<SendResult, { readonly outcome: 'accepted' }>;

export function resultOfFailure(error: unknown): Failed {
  if (error instanceof TokenRefusedError) return resultOfToken(error);
  if (error instanceof AmqpRefusedError) return resultOfCondition(error.condition);
  const code = networkCodeOf(error);
  const result = resultOfUnreached({ status: undefined, code });
  return result.outcome === 'accepted' ? { outcome: 'retry', cause: code } : result;
}

function resultOfCondition(condition: string): Failed {
  const cause = `The event hub answered ${/^[\w:.-]{1,80}$/.test(condition) ? condition : 'an error'}.`;
  if (tooLarge.has(condition)) return { outcome: 'tooLarge' };
  if (refusing.has(condition)) return { outcome: 'refused', cause };
  const nextStep = nextSteps[condition];
  if (nextStep !== undefined) return { outcome: 'misconfigured', cause, nextStep };
  const afterMs = condition === serverBusy ? busyMs : undefined;
  return { outcome: 'retry', cause, afterMs };
}

const serverBusy = 'com.microsoft:server-busy';
/** Throughput is counted by the second, and Microsoft's own clients wait as long. */
const busyMs = 10_000;

const tooLarge: ReadonlySet<string> = new Set([
  'amqp:link:message-size-exceeded',
  'com.microsoft:message-size-exceeded',
]);

/** What an event may be refused for. */
const refusing: ReadonlySet<string> = new Set([
  'amqp:decode-error',
  'amqp:invalid-field',
  'com.microsoft:argument-error',
  'com.microsoft:argument-out-of-range',
]);

const grantRole =
  'Assign Azure Event Hubs Data Sender on the event hub to the identity of the app, which takes effect within 10 minutes; a connection string must have the right to send.';
const correctName = 'Create the event hub, or correct host and eventHub in the settings of the destination.';

/** Everything else may pass: timeouts, links and connections that the service ends, and too many of them. */
const nextSteps: Readonly<Record<string, string>> = {
  'amqp:unauthorized-access': grantRole,
  'com.microsoft:auth-failed': grantRole,
  'amqp:not-found': correctName,
  'com.microsoft:entity-disabled': 'Enable the event hub, and let it receive.',
  'com.microsoft:publisher-revoked': 'Allow the publisher again.',
  'amqp:not-allowed': 'Check that the name is that of an event hub, and that it may receive events.',
  'amqp:not-implemented': 'Check that the host is a namespace of Event Hubs.',
};

function resultOfToken({ status }: TokenRefusedError): Failed {
  const cause = `The event hub answered ${status} to the token.`;
  if (status === 404) return { outcome: 'misconfigured', cause, nextStep: correctName };
  if (status === 401 || status === 403) return { outcome: 'misconfigured', cause, nextStep: signIn };
  return { outcome: 'retry', cause };
}

const signIn =
  'Use a namespace in the Entra tenant of this deployment that lets this deployment through its firewall, or store a connection string whose key is valid.';
