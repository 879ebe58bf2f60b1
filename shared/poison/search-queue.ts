/** Finds messages in a poison queue: storage hands out messages from the front only. */
import pMap from 'p-map';
import type { PoisonQueue, TakenMessage } from './poison-queue.ts';

export interface Search {
  readonly isWanted: (message: TakenMessage) => boolean;
  /** Stops after the first one. @default false */
  readonly isUnique?: boolean;
  /** Messages taken at most, roughly. @default all */
  readonly limit?: number;
}

export interface Found {
  readonly wanted: readonly TakenMessage[];
  /** How many it took. */
  readonly seen: number;
  /** False if it stopped before it had taken every message that is not hidden. */
  readonly isComplete: boolean;
}

const givenBackAtOnce = 16;

/** Takes the messages that are wanted, and gives back all others that were taken on the way. */
export async function searchQueue(queue: PoisonQueue, search: Search): Promise<Found> {
  const taken = new Map<string, TakenMessage>();
  const { isWanted, isUnique = false, limit = Infinity } = search;
  const wanted = () => [...taken.values()].filter(isWanted);
  try {
    for (;;) {
      const before = taken.size;
      for (const message of (await queue.take()).messages) taken.set(message.messageId, message);
      // A message that is taken twice was hidden for the whole time: every message has been taken once.
      if (taken.size === before) return { wanted: wanted(), seen: before, isComplete: true };
      const isDone = taken.size >= limit || (isUnique && wanted().length > 0);
      if (isDone) return { wanted: wanted(), seen: taken.size, isComplete: false };
    }
  } finally {
    const others = [...taken.values()].filter((message) => !isWanted(message));
    await pMap(others, (message) => queue.giveBack(message), { concurrency: givenBackAtOnce });
  }
}
