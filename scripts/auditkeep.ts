/** `npm run auditkeep`: every command for operators, and for those who deploy and develop Auditkeep. */
import { setTimeout as delay } from 'node:timers/promises';
import { run } from './command-line/run.ts';

const samePressMs = 1000;
const interruptedCode = 130;

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal && { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** tsx and npm may pass the same Ctrl-C on twice: only a later one ends the process. */
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

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  settingsFile: 'local.settings.json',
  writeOutput: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  isInteractive: process.stderr.isTTY,
  now: () => new Date(),
  pause,
  onInterrupt,
  retryBaseMs: 1000,
});
