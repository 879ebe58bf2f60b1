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

const hostSchema = z.looseObject({ extensions: z.looseObject({ queues: z.looseObject({}) }) });

/** Azure waits half a minute before it delivers a message that failed again; a run has no time for that. */
export async function redeliverSoon(folder: string): Promise<void> {
  const file = join(folder, 'host.json');
  const host = hostSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const queues = { ...host.extensions.queues, visibilityTimeout: '00:00:01' };
  await writeFile(file, JSON.stringify({ ...host, extensions: { ...host.extensions, queues } }));
}
