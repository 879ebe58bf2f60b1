/** Manages the processes of a local run: they are stopped in order, and an unexpected end is reported. */

interface Process {
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

export interface Processes {
  /** Starts another process. @throws {Error} when the processes are being stopped. */
  readonly start: <Started extends Process>(begin: () => Promise<Started>) => Promise<Started>;
  /** Stops them one at a time, in reverse order of their start; waits for one that is still starting. */
  readonly stop: () => Promise<void>;
  /** Kills all of them immediately. */
  readonly kill: () => void;
  /** Rejects when one of them ends unexpectedly. */
  readonly failed: Promise<never>;
}

export function createProcesses(): Processes {
  const starting: Promise<Process>[] = [];
  const running: Process[] = [];
  let isStopping = false;
  let fail: (reason: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // The other side of the race may already have finished.
  failed.catch(() => undefined);

  const watch = (started: Process): void => {
    running.push(started);
    void started.ended.then((how) => {
      if (!isStopping) fail(new Error(how));
    });
  };
  return {
    start: async (begin) => {
      if (isStopping) throw new Error('The processes are being stopped');
      const begun = begin();
      starting.push(begun);
      const started = await begun;
      watch(started);
      return started;
    },
    stop: async () => {
      isStopping = true;
      await Promise.allSettled(starting);
      for (let last = running.pop(); last !== undefined; last = running.pop()) await last.stop();
    },
    kill: () => {
      for (const each of running) each.kill();
    },
    failed,
  };
}
