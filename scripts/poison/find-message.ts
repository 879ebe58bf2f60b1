/** Finds one message by its id: storage hands out messages from the front only. */
import { Failure } from '../tenant/failure.ts';
import type { PoisonQueue, TakenMessage } from './poison-queue.ts';

/**
 * Takes the message; all others that were taken on the way are given back.
 * @throws Failure when it is not there
 */
export async function findMessage(queue: PoisonQueue, id: string): Promise<TakenMessage> {
  const others = new Map<string, TakenMessage>();
  try {
    for (;;) {
      const { messages } = await queue.take();
      const wanted = messages.find((message) => message.id === id);
      const fresh = messages.filter((message) => message.id !== id && !others.has(message.id));
      for (const message of messages) if (message !== wanted) others.set(message.id, message);
      if (wanted !== undefined) return wanted;
      // One that comes again was hidden for as long as that is possible: everything was seen.
      if (fresh.length === 0) throw notThere(queue, id);
    }
  } finally {
    for (const message of others.values()) await queue.giveBack(message);
  }
}

function notThere({ name }: PoisonQueue, id: string): Failure {
  return new Failure(
    `No message ${id} is in ${name}. If list shows it, somebody has just taken it: try again in two minutes`,
  );
}
