/** Processes one queue message: it is completed, retried later, or moved to the poison queue. */
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { QueueFunction } from './function-app.ts';
import type { Invocation, Invocations } from './invocations.ts';
import type { QueueSettings } from './settings.ts';

export interface MessageContext {
  readonly target: QueueFunction;
  readonly queue: QueueClient;
  readonly poisonQueue: QueueClient;
  readonly settings: QueueSettings;
  readonly invocations: Invocations;
}

/** Rejects when the outcome cannot be written to storage; the message then becomes visible when its lease ends. */
export async function handleMessage(context: MessageContext, message: DequeuedMessageItem): Promise<void> {
  const { queue, settings, invocations, target } = context;
  // Received after a crash during the last allowed attempt: running it again could crash again.
  if (message.dequeueCount > settings.maxDequeueCount) {
    await moveToPoisonQueue(context, message, message.popReceipt);
    return;
  }
  const lease = holdLease(context, message);
  const succeeded = await invocations.run(target, toInvocation(message, settings)).then(
    () => true,
    () => false,
  );
  const popReceipt = await lease.release();
  if (succeeded) await queue.deleteMessage(message.messageId, popReceipt);
  else if (message.dequeueCount >= settings.maxDequeueCount)
    await moveToPoisonQueue(context, message, popReceipt);
  else await showAgain(queue, message, popReceipt, settings.visibilityTimeout);
}

/** Makes a received message visible again after the given time. */
export async function showAgain(
  queue: QueueClient,
  { messageId, messageText }: DequeuedMessageItem,
  popReceipt: string,
  afterMs: number,
): Promise<void> {
  await queue.updateMessage(messageId, popReceipt, messageText, Math.ceil(afterMs / 1000));
}

async function moveToPoisonQueue(
  { queue, poisonQueue }: MessageContext,
  { messageId, messageText }: DequeuedMessageItem,
  popReceipt: string,
): Promise<void> {
  await poisonQueue.createIfNotExists();
  await poisonQueue.sendMessage(messageText, { messageTimeToLive: -1 });
  await queue.deleteMessage(messageId, popReceipt);
}

/** Keeps the message hidden; `release` stops that and resolves with the current pop receipt. */
function holdLease(
  { queue, settings }: MessageContext,
  { messageId, messageText, popReceipt }: DequeuedMessageItem,
): { readonly release: () => Promise<string> } {
  let receipt = Promise.resolve(popReceipt);
  const renew = async (current: string): Promise<string> => {
    const renewed = await queue.updateMessage(messageId, current, messageText, settings.leaseSeconds);
    return renewed.popReceipt ?? current;
  };
  const timer = setInterval(
    () => {
      receipt = receipt.then((current) => renew(current).catch(() => current));
    },
    (settings.leaseSeconds / 2) * 1000,
  );
  return {
    release: () => {
      clearInterval(timer);
      return receipt;
    },
  };
}

function toInvocation(message: DequeuedMessageItem, { messageEncoding }: QueueSettings): Invocation {
  const { messageText, messageId, popReceipt, dequeueCount } = message;
  const text =
    messageEncoding === 'base64' ? Buffer.from(messageText, 'base64').toString('utf8') : messageText;
  return {
    input: { string: text },
    triggerMetadata: {
      Id: { string: messageId },
      PopReceipt: { string: popReceipt },
      DequeueCount: { json: String(dequeueCount) },
      InsertionTime: { string: message.insertedOn.toISOString() },
      ExpirationTime: { string: message.expiresOn.toISOString() },
      NextVisibleTime: { string: message.nextVisibleOn.toISOString() },
    },
  };
}
