/** One message of a channel: stored as pending before it is sent, and as sent when its receiver has answered. */
import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import type { PendingMessage } from './channel.ts';
import type { Delivery, StoredWaiting } from './delivery.ts';
import type { Attachment, OutgoingMessage, SendOutcome } from './kind.ts';
import { linkOf } from './link.ts';
import type { Message } from './message.ts';
import { recentOf, together } from './plan.ts';
import { endWithFailure, type Sending, type Step } from './sending.ts';
import { stillFor } from './still-for.ts';

export type Parts = readonly [StoredWaiting, ...StoredWaiting[]];

const rowsAtOnce = 8;
const attemptMs = 90_000;

/** What is about to be sent is stored first, so that a host that continues knows that it may be there. */
export async function sendParts(sending: Sending, parts: Parts): Promise<Step> {
  const pending: PendingMessage = {
    id: randomUUID(),
    parts: parts.map(({ deliveryId, message: { revision } }) => ({ deliveryId, revision })),
    attempts: 0,
  };
  await sending.lease.save({ pending });
  return await attempt(sending, pending, parts);
}

/** Continues with a message that an earlier attempt may have sent. */
export async function resumePending(sending: Sending, pending: PendingMessage): Promise<Step> {
  const { deps, lease } = sending;
  const { channelId } = lease.current();
  const find = ({ deliveryId }: { readonly deliveryId: string }) =>
    deps.deliveries.waiting(channelId, deliveryId);
  const found = await pMap(pending.parts, find, { concurrency: rowsAtOnce });
  const [first, ...others] = found.filter((part) => part !== undefined);
  const answered = await answerOf(sending, pending);
  if (answered === undefined && first !== undefined && !(await isForAll(sending, [first, ...others]))) {
    await lease.save({ pending: undefined });
    return 'continues';
  }
  if (answered === undefined && first !== undefined)
    return await attempt(sending, { ...pending, attempts: Math.max(1, pending.attempts) }, [
      first,
      ...others,
    ]);
  if (answered !== undefined && first !== undefined)
    await settle(sending, { pending, parts: [first, ...others] }, answered);
  return await afterSent(sending, answered);
}

/** The receiver may be another one by now. Followed matters stay where they were sent. */
async function isForAll(sending: Sending, parts: Parts): Promise<boolean> {
  return sending.kind.followsMatters || parts.every(await stillFor(sending, parts));
}

/** The row of the first part proves that the message was answered. */
async function answerOf(
  { deps, lease }: Sending,
  { id, parts: [first] }: PendingMessage,
): Promise<Delivery | undefined> {
  if (first === undefined) return undefined;
  const sent = await deps.deliveries.sent(lease.current().channelId, first.deliveryId);
  return sent?.messageId === id ? sent : undefined;
}

async function attempt(sending: Sending, pending: PendingMessage, parts: Parts): Promise<Step> {
  const outgoing = await outgoingOf(sending, pending, parts);
  const outcome = await sending.sender.send(outgoing, AbortSignal.timeout(attemptMs));
  if (outcome.outcome === 'retry' || outcome.outcome === 'misconfigured') {
    const mayBeThere = outcome.outcome === 'retry' && outcome.mayBeThere;
    const attempts = pending.attempts + (mayBeThere ? 1 : 0);
    // One that has not arrived is planned again, together with what comes meanwhile.
    return await endWithFailure(sending, outcome, {
      pending: attempts === 0 ? undefined : { ...pending, attempts },
    });
  }
  const answered = answeredOf(sending, { pending, parts, receipt: outgoing.receipt }, outcome);
  await settle(sending, { pending, parts }, answered);
  return outcome.outcome === 'refused'
    ? await afterRefused(sending, outcome)
    : await afterSent(sending, answered);
}

async function outgoingOf(
  { deps, lease }: Sending,
  { id, attempts }: PendingMessage,
  parts: Parts,
): Promise<OutgoingMessage> {
  const [first, ...others] = parts;
  const messages = [first.message, ...others.map((part) => part.message)] as const;
  const message = together(messages, `${lease.current().channelId} ${id}`, deps.now());
  const attached = await attachmentsOf(deps, message);
  const link = linkOf(deps.publicUrl, message);
  const { channelId, deliveryId } = first;
  const before = others.length === 0 ? await deps.deliveries.sent(channelId, deliveryId) : undefined;
  return {
    id,
    message,
    link,
    ...attached,
    receipt: before?.receipt,
    mayBeThere: attempts > 0,
  };
}

/** One after the other: each may be large. */
async function attachmentsOf(
  { attachedFiles }: Sending['deps'],
  { attachments: files, body: bodyFile, tenant }: Message,
): Promise<Pick<OutgoingMessage, 'attachments' | 'body'>> {
  const attachments: Attachment[] = [];
  for (const { name, contentType, file } of files) {
    const content = await attachedFiles.read(file, tenant?.tenantId);
    if (content !== undefined) attachments.push({ name, contentType, content });
  }
  const body = bodyFile && (await attachedFiles.read(bodyFile, tenant?.tenantId))?.toString('utf8');
  return { attachments, body };
}

interface Attempted {
  readonly pending: PendingMessage;
  readonly parts: Parts;
}

type Answer = Extract<SendOutcome, { readonly outcome: 'sent' | 'refused' }>;

function answeredOf(
  { kind, lease, deps }: Sending,
  { pending, parts, receipt }: Attempted & { readonly receipt: string | undefined },
  outcome: Answer,
): Delivery {
  const wasSent = outcome.outcome === 'sent';
  const [{ deliveryId, message }] = parts;
  return {
    ...describe(lease.current().channelId, deliveryId, message),
    // Where a change is refused, what was sent before is still there, and will be closed.
    result: receipt === undefined ? outcome.outcome : 'sent',
    messageId: pending.id,
    together: pending.parts.length,
    perhapsTwice: wasSent && pending.attempts > 0 && !kind.tellsRepeats,
    receipt: wasSent ? outcome.receipt : receipt,
    cause: wasSent ? undefined : outcome.cause,
    sentDateTime: deps.now(),
  };
}

/** The part of a delivery that its message gives. */
export function describe(channelId: string, deliveryId: string, message: Message) {
  const { title, severity, topic, revision, closed, tenant } = message;
  return { channelId, deliveryId, title, severity, topic, revision, closed, tenantId: tenant?.tenantId };
}

/** The first part comes first. What has changed since it was sent keeps waiting. */
async function settle(
  { deps: { deliveries } }: Sending,
  { pending, parts }: Attempted,
  answered: Delivery,
): Promise<void> {
  const revisions = new Map(pending.parts.map(({ deliveryId, revision }) => [deliveryId, revision]));
  const settleOne = async (part: StoredWaiting): Promise<void> => {
    const { deliveryId, message } = part;
    const revision = revisions.get(deliveryId) ?? message.revision;
    const isNewest = revision >= message.revision;
    const closed = message.closed && isNewest && answered.cause === undefined;
    await deliveries.record({
      ...answered,
      ...describe(answered.channelId, deliveryId, message),
      revision,
      closed,
    });
    if (isNewest) await deliveries.take(part);
  };
  const [first, ...others] = parts;
  await settleOne(first);
  await pMap(others, settleOne, { concurrency: rowsAtOnce });
}

/** @param answered undefined when everything that it was about was purged */
async function afterSent({ lease, deps }: Sending, answered: Delivery | undefined): Promise<Step> {
  const { channelId, kind, recent } = lease.current();
  const now = deps.now();
  if (answered?.result !== 'sent') {
    await lease.save({ pending: undefined });
    return 'continues';
  }
  const { together: matters, perhapsTwice, topic } = answered;
  deps.telemetry('channels.message.sent', { channelId, kind, topic, matters, perhapsTwice });
  await lease.save({
    pending: undefined,
    circuit: undefined,
    refusals: 0,
    lastSentDateTime: now,
    recent: [...recentOf(recent, now), now],
  });
  return 'continues';
}

/** So many refusals in a row have a cause in the settings. */
const maxRefusals = 5;

async function afterRefused(
  sending: Sending,
  { cause, concernsTenant = false }: Extract<SendOutcome, { readonly outcome: 'refused' }>,
): Promise<Step> {
  const { lease, deps } = sending;
  const { channelId, kind } = lease.current();
  const refusals = lease.current().refusals + (concernsTenant ? 0 : 1);
  deps.telemetry('channels.message.refused', { channelId, kind });
  if (!concernsTenant && refusals >= maxRefusals) {
    const nextStep = 'The receiver refuses every message: test the channel, and check its settings.';
    return await endWithFailure(
      sending,
      { outcome: 'misconfigured', cause, nextStep },
      { pending: undefined, refusals },
    );
  }
  await lease.save({ pending: undefined, refusals });
  return 'continues';
}
