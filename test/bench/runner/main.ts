/** A measured process: plain Node with one bundled file, like the app itself; does one task at a time. */
import * as z from 'zod';
import { parseConfig } from '../../../shared/config.ts';
import {
  ask,
  collect,
  download,
  enable,
  findLandings,
  findUsers,
  index,
  indexWatched,
  land,
  register,
  repeat,
  weighTables,
  writeBare,
} from '../tasks.ts';
import type { Task } from '../tasks.ts';
import { askForUsers, listUsers, repeatQuestion } from './asking.ts';
import { createDownloader } from './downloading.ts';
import { enableTenant } from './enabling.ts';
import { indexLandings, listLandings } from './indexing.ts';
import { pollAndIndex, pollOnce, registerTenant } from './landing.ts';
import { createProduct } from './product.ts';
import { indexWhileWatching } from './watching.ts';
import { weigh } from './weighing.ts';
import { writeBareRows } from './bare-rows.ts';

type Handler = (input: unknown) => Promise<unknown>;

const config = parseConfig(process.env);
const product = createProduct(config);

const handlers: ReadonlyMap<string, Handler> = new Map([
  handle(download, createDownloader(config, product)),
  handle(land, (input) => pollOnce(product, input)),
  handle(findLandings, (input) => listLandings(product, input)),
  handle(index, (input) => indexLandings(product, input)),
  handle(indexWatched, (input) => indexWhileWatching(product, input)),
  handle(writeBare, (input) => writeBareRows(config, product, input)),
  handle(register, (input) => registerTenant(product, input)),
  handle(enable, (input) => enableTenant(product, input)),
  handle(collect, (input) => pollAndIndex(config, product, input)),
  handle(weighTables, (input) => weigh(config, input)),
  handle(findUsers, (input) => listUsers(product, input)),
  handle(ask, (input) => askForUsers(product, input)),
  handle(repeat, (input) => repeatQuestion(product, input)),
]);

function handle<Input, Result>(
  { name, input: schema }: Task<Input, Result>,
  run: (input: Input) => Promise<Result>,
): readonly [string, Handler] {
  return [name, (input) => run(schema.parse(input))];
}

const jobSchema = z.object({ task: z.string(), input: z.unknown() });

async function answer(message: unknown): Promise<void> {
  const { task, input } = jobSchema.parse(message);
  try {
    const run = handlers.get(task);
    if (run === undefined) throw new Error(`There is no task ${task}`);
    process.send?.({ kind: 'done', result: await run(input) });
  } catch (error) {
    process.send?.({
      kind: 'failed',
      reason: error instanceof Error ? (error.stack ?? error.message) : 'unknown',
    });
  }
}

process.on('message', (message: unknown) => void answer(message));
// The one that started it is gone, or wants it to end: a CPU profile is written on exit only.
process.once('disconnect', () => process.exit(0));
