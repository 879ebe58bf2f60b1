/** `resend`: sends messages again to the queue that they came from. */
import type { Outcome } from '../tenant/session.ts';
import { findMessage } from './find-message.ts';
import { describeIds, idsIn } from './message-ids.ts';
import type { PoisonQueue, TakenMessage } from './poison-queue.ts';

export interface Resending {
  /** The only one that is wanted; undefined: all that were there when it began. */
  readonly id: string | undefined;
  readonly say: (text: string) => void;
}

/** @throws Failure when the one message is not there */
export async function resendMessages(queue: PoisonQueue, { id, say }: Resending): Promise<Outcome> {
  const sent = id === undefined ? await resendAll(queue, say) : await resendOne(queue, id, say);
  const { name, workQueue } = queue;
  const count = `${sent} ${sent === 1 ? 'message' : 'messages'}`;
  return {
    exitCode: 0,
    answer: { queue: workQueue, sent },
    text: sent === 0 ? `Nothing is in ${name}.` : `Sent again from ${name} to ${workQueue}: ${count}.`,
  };
}

async function resendOne(queue: PoisonQueue, id: string, say: Resending['say']): Promise<number> {
  await resend(queue, await findMessage(queue, id), say);
  return 1;
}

async function resendAll(queue: PoisonQueue, say: Resending['say']): Promise<number> {
  let [sent, begun]: [number, Date | undefined] = [0, undefined];
  for (;;) {
    const { messages, takenAt } = await queue.take();
    const since = (begun ??= takenAt);
    // What fails again meanwhile comes back here, and would be sent round and round.
    const isOld = ({ insertedAt }: TakenMessage) => insertedAt <= since;
    const old = messages.filter(isOld);
    for (const message of old) await resend(queue, message, say);
    for (const message of messages) if (!isOld(message)) await queue.giveBack(message);
    if (old.length === 0) return sent;
    sent += old.length;
  }
}

/** Put first, deleted after: a crash in between sends it twice, and never loses it. */
async function resend(queue: PoisonQueue, message: TakenMessage, say: Resending['say']): Promise<void> {
  await queue.putIntoWorkQueue(message);
  await queue.remove(message);
  say(`sent again: ${message.id} (${describeIds(idsIn(message.text)).join(', ')})`);
}
