/**
 * The table service in its own process: prints its address on standard output when it is ready, and ends on SIGTERM or
 * when its parent disconnects. It speaks the part of Azure Table Storage that Auditkeep uses; see docs/adr/0014.
 */
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { closeServer, listenLocally } from '../../support/local-server.ts';
import { createCatalog } from './catalog.ts';
import { createRowClock } from './clock.ts';
import { openRowStore } from './row-store.ts';
import { createTableServer } from './server.ts';

const optionsSchema = z.object({
  /** Folder of the data. */
  location: z.string(),
  /** Deletes the folder at the end. */
  temporary: z.boolean().default(false),
  deletionMs: z.coerce.number().int().nonnegative(),
  maxRead: z.coerce.number().int().positive(),
  endPagesAtPartitions: z.boolean().default(false),
});

const accountsSchema = z
  .string()
  .transform((text) => text.split(';').map((account) => account.split(':')))
  .pipe(z.array(z.tuple([z.string(), z.string()])));

const { values } = parseArgs({
  options: {
    location: { type: 'string' },
    temporary: { type: 'boolean' },
    deletionMs: { type: 'string' },
    maxRead: { type: 'string' },
    endPagesAtPartitions: { type: 'boolean' },
  },
});
const { location, temporary, deletionMs, maxRead, endPagesAtPartitions } = optionsSchema.parse(values);
const accounts = new Map(accountsSchema.parse(process.env['TABLE_ACCOUNTS']));
const store = openRowStore(location);
const server = createTableServer({
  ...{ accounts, store, clock: createRowClock() },
  catalog: createCatalog({ store, deletionMs, now: Date.now }),
  pageEnds: { maxRead, atPartitions: endPagesAtPartitions },
});

async function end(): Promise<void> {
  await closeServer(server);
  await store.close();
  if (temporary) await rm(location, { recursive: true, force: true });
  process.exit(0);
}

process.once('SIGTERM', () => void end());
console.log(`Tables at http://127.0.0.1:${await listenLocally(server)}`);
