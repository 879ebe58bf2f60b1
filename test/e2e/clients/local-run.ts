/** `npm start`, running, with its tenants, records, and key. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { projectFolder } from '../../local/child.ts';

const startedSchema = z.object({ baseUrl: z.url(), apiKey: z.string() });

export interface Started {
  /** Of the HTTP interface. */
  readonly url: string;
  readonly key: string;
  stop(): Promise<void>;
}

/** Resolves once everything that the demo offers is collected. @throws Error with its output when it ends before that */
export async function startLocalDemo(): Promise<Started> {
  const args = ['--import', 'tsx', 'test/local/start.ts', '--json'];
  const child = spawn(process.execPath, args, { cwd: projectFolder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve();
    }),
  );
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const first = new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  );
  const line = await Promise.race([first, ended.then(() => undefined)]);
  if (line === undefined) throw new Error(`npm start ended: ${errors.slice(-5).join('\n')}`);
  const { baseUrl, apiKey } = startedSchema.parse(JSON.parse(line));
  return {
    url: `${baseUrl}/api`,
    key: apiKey,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
