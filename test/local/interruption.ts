/** How a command that starts processes learns that it must end. */

const LOOK_EVERY_MS = 500;

/** Exit codes of a shell: 128 and the signal's number. */
export const interruptions = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export type Interruption = keyof typeof interruptions;

/**
 * Calls back for each signal that asks the process to end, and once with SIGTERM when the npm that ran it has ended:
 * npm passes signals to its shell only, and some shells end without passing them on.
 */
export function onInterruption(react: (signal: Interruption) => void): void {
  const parent = process.ppid;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      react(signal);
    });
  }
  // Outside npm, a parent that ends may have left the process in the background on purpose.
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    react('SIGTERM');
  }, LOOK_EVERY_MS).unref();
}
