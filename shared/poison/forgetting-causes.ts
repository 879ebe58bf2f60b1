/** A poison queue whose messages take their causes with them. */
import { idsOf, messageIn } from './message-ids.ts';
import { poisonIdOf, type PoisonMessages } from './poison-message.ts';
import type { PoisonQueue } from './poison-queue.ts';

/** What leaves the poison queue is no longer listed, unless it was given up. */
export function forgettingCauses(
  queue: PoisonQueue,
  causes: Pick<PoisonMessages, 'get' | 'remove'>,
): PoisonQueue {
  return {
    ...queue,
    async remove(taken) {
      const message = messageIn(taken.messageText);
      const id = poisonIdOf(queue.workQueue, message);
      const cause = await causes.get({ id, tenantId: idsOf(message)?.tenantId?.toLowerCase() });
      if (cause?.state === 'waiting' || cause?.state === 'attempting') await causes.remove(cause);
      await queue.remove(taken);
    },
  };
}
