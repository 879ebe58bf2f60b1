/** Scripts that tests start as processes, compiled once in a run. */
import { createHash } from 'node:crypto';
import { bundle } from '../../local/bundle.ts';
import { hostSource } from '../../local/host-process.ts';
import { onceARun } from './once-a-run.ts';

/**
 * @param script path of a TypeScript file
 * @returns path of a JavaScript file that does the same
 */
export function bundleScript(script: string): Promise<string> {
  const name = createHash('sha256').update(script).digest('hex').slice(0, 16);
  return onceARun(`${name}.mjs`, (outfile) => bundle(script, outfile));
}

/** The local host, for `startHost` and `startChild`. */
export const bundledHost = (): Promise<string> => bundleScript(hostSource);
