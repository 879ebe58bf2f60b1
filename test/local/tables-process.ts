/** Starts the local table service in its own process, on a free port. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';

export interface TablesOptions {
  /** Folder that keeps the data between runs; without it, the data ends with the process. */
  readonly location?: string | undefined;
  /** Base64 keys by account name. */
  readonly accounts: ReadonlyMap<string, string>;
  /** How long a deleted table cannot be created again. @default 0; Azure takes 40 seconds or more */
  readonly deletionMs?: number;
  /** Rows read for one page, which may be incomplete and even empty. @default 10,000 */
  readonly maxRead?: number;
  /** Ends pages where a partition ends, as Azure may. @default false */
  readonly endPagesAtPartitions?: boolean;
  /** The service as one JavaScript file. @default compiled now */
  readonly script?: string;
}

/** The source of the service's process. */
export const tablesSource = fileURLToPath(new URL('tables/main.ts', import.meta.url));

/**
 * Resolves once tables are served; `ready` is the address.
 * @throws {Error} when the folder cannot be used, or the service ends before it is ready
 */
export async function startTables(options: TablesOptions): Promise<Child<string>> {
  const { location, accounts, deletionMs = 0, maxRead = 10_000, endPagesAtPartitions = false } = options;
  const folder = location ?? (await mkdtemp(join(tmpdir(), 'auditkeep-tables-')));
  const child = await startChild({
    name: 'The table service',
    script: options.script ?? tablesSource,
    args: [
      ...['--location', folder, '--deletionMs', String(deletionMs), '--maxRead', String(maxRead)],
      ...(location === undefined ? ['--temporary'] : []),
      ...(endPagesAtPartitions ? ['--endPagesAtPartitions'] : []),
    ],
    env: { TABLE_ACCOUNTS: [...accounts].map((account) => account.join(':')).join(';') },
    readyWhen: (line) => /^Tables at (\S+)$/.exec(line)?.[1],
  });
  if (location !== undefined) return child;
  // It deletes the folder itself, unless it is killed: then this process does, at its own end if that comes first.
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  const ended = child.ended.then((how) => {
    process.off('exit', remove);
    remove();
    return how;
  });
  return { ...child, ended, stop: () => child.stop().then(() => ended.then(() => undefined)) };
}
