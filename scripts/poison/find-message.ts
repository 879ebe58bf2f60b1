/** Finds one message by its ID. */
import type { PoisonQueue, TakenMessage } from '../../shared/poison/poison-queue.ts';
import { searchQueue } from '../../shared/poison/search-queue.ts';
import { Failure } from '../command-line/failure.ts';

/** Takes the message. @throws Failure when it does not exist */
export async function findMessage(queue: PoisonQueue, id: string): Promise<TakenMessage> {
  const { wanted } = await searchQueue(queue, {
    isWanted: ({ messageId }) => messageId === id,
    isUnique: true,
  });
  const [found] = wanted;
  if (found !== undefined) return found;
  throw new Failure(
    `${queue.name} has no message ${id}. If list shows it, a reader has it: retry in two minutes`,
  );
}
