/** Sends a test message to a channel, and says what became of it. */
import { randomUUID } from 'node:crypto';
import type { SenderContext } from '../destinations/kind.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import { findChannel, type ChannelStore } from './channel.ts';
import type { BoundChannelKind, SendOutcome } from './kind.ts';
import { linkOf } from './link.ts';
import { messageOf, type Message } from './message.ts';
import { openSender, unusable } from './open-sender.ts';

export interface TestChannelDeps {
  readonly channels: Pick<ChannelStore, 'get'>;
  readonly channelKinds: ReadonlyMap<string, BoundChannelKind>;
  readonly senderContext: SenderContext;
  readonly publicUrl: string | undefined;
  readonly now: () => Date;
}

export interface TestedChannel {
  readonly succeeded: boolean;
  /** What happened, without secrets. */
  readonly detail: string;
  /** What to do, if it failed. */
  readonly nextStep?: string | undefined;
}

const testMs = 30_000;

/**
 * @param tenant that the message says it is about: a ticket is made for its company; undefined: no ticket is made
 * @throws RequestError 404
 */
export async function testChannel(
  { channels, channelKinds, senderContext, publicUrl, now }: TestChannelDeps,
  channelId: string,
  tenant: Pick<StoredTenant, 'tenantId' | 'displayName'> | undefined,
): Promise<TestedChannel> {
  const channel = await findChannel(channels, channelId);
  const id = randomUUID();
  const message = testMessage(id, tenant, now());
  const sender = openSender(channelKinds.get(channel.kind), channel, senderContext);
  if (sender === undefined) return testedBy(unusable);
  try {
    const outgoing = { id, message, link: linkOf(publicUrl, message), attachments: [], mayBeThere: false };
    return testedBy(await sender.send(outgoing, AbortSignal.timeout(testMs)));
  } finally {
    await sender.close();
  }
}

function testMessage(
  id: string,
  tenant: Pick<StoredTenant, 'tenantId' | 'displayName'> | undefined,
  now: Date,
): Message {
  return messageOf({
    key: `test ${id}`,
    revision: 1,
    topic: 'test',
    severity: 'informational',
    ...(tenant === undefined
      ? {}
      : { tenant: { tenantId: tenant.tenantId, displayName: tenant.displayName } }),
    title: 'Test of a channel',
    sentence: 'This is a test: Auditkeep can send messages here.',
    nextSteps: 'Nothing. You can delete this message.',
    createdDateTime: now.toISOString(),
  });
}

function testedBy(outcome: SendOutcome): TestedChannel {
  if (outcome.outcome === 'sent') return { succeeded: true, detail: 'The receiver has accepted it.' };
  const { cause: detail } = outcome;
  if (outcome.outcome === 'misconfigured') return { succeeded: false, detail, nextStep: outcome.nextStep };
  const nextStep =
    outcome.outcome === 'retry'
      ? 'Test again later, and check whether firewalls let this deployment through.'
      : 'Check the settings of the channel.';
  return { succeeded: false, detail, nextStep };
}
