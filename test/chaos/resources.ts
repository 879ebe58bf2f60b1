/** The built app, for hosts whose failed messages come back soon. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { projectFolder } from '../local/child.ts';

/** Loaded into a host whose clock is moved. */
export const hostClockScript = join(projectFolder, 'test/chaos/world/host-clock.ts');

/** Loaded into hosts before the app, in this order. */
export const preloadedScripts: readonly string[] = [
  join(projectFolder, 'test/integration/feed/stand-in-network.ts'),
  hostClockScript,
];

/**
 * The heap that V8 allows itself on an instance with 512 MB. It collects garbage late while it may grow: on a large machine,
 * a process takes twice the memory for the same work.
 */
export const instanceOptions: readonly string[] = ['--max-old-space-size=256'];

const hostSchema = z.looseObject({ extensions: z.looseObject({ queues: z.looseObject({}) }) });

/** Azure waits half a minute before it delivers a message that failed again; a run has no time for that. */
export async function redeliverSoon(folder: string): Promise<void> {
  const file = join(folder, 'host.json');
  const host = hostSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const queues = { ...host.extensions.queues, visibilityTimeout: '00:00:01' };
  await writeFile(file, JSON.stringify({ ...host, extensions: { ...host.extensions, queues } }));
}
