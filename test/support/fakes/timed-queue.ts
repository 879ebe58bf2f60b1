/** A queue in memory whose messages may be delayed. */

export interface TimedQueue<Message> {
  /** Messages not taken yet, soonest first. */
  readonly waiting: readonly { readonly message: Message; readonly at: Date }[];
  /** @param delayMs none by default */
  readonly put: (message: Message, delayMs?: number) => Promise<void>;
  /** Takes the next message that is visible now. */
  readonly take: () => Message | undefined;
}

export function createTimedQueue<Message>(now: () => Date): TimedQueue<Message> {
  const waiting: { message: Message; at: Date }[] = [];
  return {
    waiting,
    put: async (message, delayMs = 0) => {
      waiting.push({ message, at: new Date(now().getTime() + delayMs) });
      waiting.sort((a, b) => a.at.getTime() - b.at.getTime());
      await Promise.resolve();
    },
    take: () => {
      const next = waiting[0];
      return next !== undefined && next.at <= now() ? waiting.shift()?.message : undefined;
    },
  };
}
