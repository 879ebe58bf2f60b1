/** Keeps the processes of a local run together: they end in order, and one that ends by itself is noticed. */

interface Process {
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

export interface Processes {
  /** Starts one more. @throws {Error} when the processes are being ended. */
  readonly start: <Started extends Process>(begin: () => Promise<Started>) => Promise<Started>;
  /** Ends them one after the other, the last started first; one that is still starting is waited for. */
  readonly stop: () => Promise<void>;
  /** Ends them all at once. */
  readonly kill: () => void;
  /** Rejects when one ends that was not asked to. */
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
  // Whoever races against it may have finished before.
  failed.catch(() => undefined);

  const watch = (started: Process): void => {
    running.push(started);
    void started.ended.then((how) => {
      if (!isStopping) fail(new Error(how));
    });
  };
  return {
    start: async (begin) => {
      if (isStopping) throw new Error('The processes are being ended');
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
