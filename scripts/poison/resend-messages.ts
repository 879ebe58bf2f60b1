/** `resend`: sends messages back to the queue that they came from. */
import type { PoisonQueue, TakenMessage } from '../../shared/poison/poison-queue.ts';
import type { Context, Outcome } from '../command-line/context.ts';
import { counted } from '../command-line/terminal-text.ts';
import { findMessage } from './find-message.ts';
import { describeMessage } from './describe-ids.ts';

export interface Resending extends Pick<Context, 'notify'> {
  /** The only message to resend; undefined for all that are in the queue when it begins. */
  readonly id: string | undefined;
}

/** @throws Failure when the one message does not exist */
export async function resendMessages(queue: PoisonQueue, { id, notify }: Resending): Promise<Outcome> {
  const { name, workQueue } = queue;
  let sent = 1;
  if (id === undefined) sent = await resendAll(queue, notify);
  else await resend(queue, await findMessage(queue, id), notify);
  return {
    exitCode: 0,
    answer: { queue: workQueue, sent },
    text:
      sent === 0 ? `${name} is empty.` : `Resent from ${name} to ${workQueue}: ${counted(sent, 'message')}.`,
  };
}

async function resendAll(queue: PoisonQueue, notify: Resending['notify']): Promise<number> {
  let [sent, begun]: [number, Date | undefined] = [0, undefined];
  for (;;) {
    const { messages, takenAt } = await queue.take();
    const since = (begun ??= takenAt);
    // A message that fails again meanwhile comes back here, and would be resent endlessly.
    const isOld = ({ insertedOn }: TakenMessage) => insertedOn <= since;
    const old = messages.filter(isOld);
    for (const message of old) await resend(queue, message, notify);
    for (const message of messages) if (!isOld(message)) await queue.giveBack(message);
    if (old.length === 0) return sent;
    sent += old.length;
  }
}

/** Put first, deleted after: a crash in between resends it twice, and never loses it. */
async function resend(queue: PoisonQueue, message: TakenMessage, notify: Resending['notify']): Promise<void> {
  await queue.putIntoWorkQueue(message);
  await queue.remove(message);
  notify(`resent: ${message.messageId} (${describeMessage(message)})`);
}
