/**
 * Divides work that keeps the processor busy into short turns. Everything in a process shares one thread: without turns,
 * one caller's long filter would keep every other call waiting, down to the health check.
 */

/** The turns of one piece of work. The first begins at once. */
export interface Turn {
  /** Whether the turn has lasted long enough. Cheap: it is meant to be asked after every step. */
  isOver(): boolean;
  /** Lets everything else run, then begins another turn. */
  next(): Promise<void>;
}

export type StartTurn = () => Turn;

export interface TurnsOptions {
  /** How long one turn lasts at least; it ends with the step that exceeds it. */
  readonly turnMs: number;
  /** Milliseconds that only grow. */
  readonly clock: () => number;
  /** Runs the function once everything that is ready has run. */
  readonly defer: (run: () => void) => void;
}

/**
 * However many pieces of work there are, everything else waits for one turn at most: they take their turns one by one,
 * in the order in which they asked.
 */
export function createTurns({ turnMs, clock, defer }: TurnsOptions): StartTurn {
  const waiting: (() => void)[] = [];
  const runFirst = () => {
    waiting.shift()?.();
    if (waiting.length > 0) defer(runFirst);
  };
  const wait = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) defer(runFirst);
    });
  return () => {
    let endsAt = clock() + turnMs;
    return {
      isOver: () => clock() >= endsAt,
      async next() {
        await wait();
        endsAt = clock() + turnMs;
      },
    };
  };
}

/**
 * A small answer takes about ten rounds of the event loop, each of which may have to wait for one turn. Changing turns
 * takes some microseconds.
 */
const turnMs = 1;

/** The turns of this process. */
export const startTurn: StartTurn = createTurns({
  turnMs,
  clock: () => performance.now(),
  // I/O that is ready comes before the next immediate.
  defer: (run) => void setImmediate(run),
});
