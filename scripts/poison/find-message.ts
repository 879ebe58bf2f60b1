/** Finds one message by its ID: storage hands out messages from the front only. */
import { Failure } from '../command-line/failure.ts';
import type { PoisonQueue, TakenMessage } from './poison-queue.ts';

/**
 * Takes the message, and gives back all others that were taken on the way.
 * @throws Failure when it does not exist
 */
export async function findMessage(queue: PoisonQueue, id: string): Promise<TakenMessage> {
  const others = new Map<string, TakenMessage>();
  try {
    for (;;) {
      const { messages } = await queue.take();
      const wanted = messages.find((message) => message.messageId === id);
      const fresh = messages.filter((message) => message.messageId !== id && !others.has(message.messageId));
      for (const message of messages) if (message !== wanted) others.set(message.messageId, message);
      if (wanted !== undefined) return wanted;
      // A message that is taken twice was hidden for the whole time: every message has been taken once.
      if (fresh.length === 0) throw missing(queue, id);
    }
  } finally {
    for (const message of others.values()) await queue.giveBack(message);
  }
}

function missing({ name }: PoisonQueue, id: string): Failure {
  return new Failure(`${name} has no message ${id}. If list shows it, a reader has it: retry in two minutes`);
}
