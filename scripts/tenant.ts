/** `npm run tenant`: takes tenants into care, turns their auditing on and looks after them, from a terminal. */
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from './tenant/run-command.ts';

const firstRetryMs = 1000;
const samePressMs = 1000;
const interruptedCode = 130;

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** The first one is the listener's; a later one leaves. tsx and npm may pass the same one on once more. */
function onInterrupt(listener: () => void): () => void {
  let heardAt: number | undefined;
  const hear = (): void => {
    if (heardAt === undefined) {
      heardAt = performance.now();
      listener();
    } else if (performance.now() - heardAt > samePressMs) {
      process.exit(interruptedCode);
    }
  };
  process.on('SIGINT', hear);
  return () => process.off('SIGINT', hear);
}

process.exitCode = await runCommand(process.argv.slice(2), {
  ...{ env: process.env, pause, onInterrupt, now: () => new Date(), retryBaseMs: firstRetryMs },
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
});
