/** Starts the processes of a local run so that none of them outlives its parent. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

const STOP_GRACE_MS = 15_000;
const START_LIMIT_MS = 60_000;
const KEPT_ERROR_LINES = 20;

/**
 * Preloaded into every child: when the IPC channel breaks, the parent is gone and the child ends as on SIGTERM.
 * The channel is unreferenced, so that it does not keep a finished child alive.
 */
const endWithParent = `data:text/javascript,${encodeURIComponent(
  "process.channel?.unref();process.once('disconnect',()=>{process.emit('SIGTERM')||process.exit(0)});",
)}`;

export interface ChildOptions<Ready> {
  /** Its name in messages, for example `Azurite`. */
  readonly name: string;
  /** The script to run; TypeScript is compiled first. */
  readonly script: string;
  readonly args?: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Receives each line of the child's standard output until it returns a value, which means that the child is ready. */
  readonly readyWhen: (line: string) => Ready | undefined;
  /** Receives each line of standard error once the child is ready; earlier lines explain a failed start. */
  readonly onErrorLine?: (line: string) => void;
}

export interface Child<Ready> {
  readonly ready: Ready;
  /** Resolves with one line saying how it ended, once the process has ended for any reason. */
  readonly ended: Promise<string>;
  /** Asks it to stop, kills it after 15 seconds, and resolves when it has ended. */
  readonly stop: () => Promise<void>;
  /** Kills it immediately. */
  readonly kill: () => void;
}

/**
 * Starts a Node process and resolves once it reports that it is ready.
 * @throws {Error} when it ends earlier or is not ready within a minute; the message contains the line of
 * its standard error that says why.
 */
export async function startChild<Ready>(options: ChildOptions<Ready>): Promise<Child<Ready>> {
  if (!/\.m?ts$/.test(options.script)) return await startPlain(options);
  const folder = await mkdtemp(join(tmpdir(), 'auditkeep-'));
  const script = join(folder, 'script.mjs');
  // A child that is ready has read its script.
  return await bundle(options.script, script)
    .then(() => startPlain({ ...options, script }, ['--enable-source-maps']))
    .finally(() => rm(folder, { recursive: true }));
}

async function startPlain<Ready>(
  options: ChildOptions<Ready>,
  flags: readonly string[] = [],
): Promise<Child<Ready>> {
  const child = spawnNode(options, flags);
  const errorLines = collectErrorLines(child);
  const ended = whenEnded(child);
  const limit = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  const ready = await Promise.race([
    whenReady(child, options.readyWhen),
    ended.then((how) => {
      throw new Error(`${options.name} did not start (${how}): ${chooseReason(errorLines)}`);
    }),
  ]).finally(() => {
    clearTimeout(limit);
  });
  if (options.onErrorLine !== undefined) forEachLine(child.stderr, options.onErrorLine);
  return {
    ready,
    ended: ended.then((how) => `${options.name} ended (${how})`),
    stop: () => stopChild(child, ended),
    kill: () => void child.kill('SIGKILL'),
  };
}

function spawnNode<Ready>(
  { script, args = [], env }: ChildOptions<Ready>,
  flags: readonly string[],
): ChildProcess {
  return spawn(process.execPath, ['--import', endWithParent, ...flags, script, ...args], {
    cwd: projectFolder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own process group, so that Ctrl-C only reaches the parent, which then stops the children in order.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

/** The folder with package.json, host.json, and dist. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

function whenReady<Ready>(child: ChildProcess, readyWhen: ChildOptions<Ready>['readyWhen']): Promise<Ready> {
  return new Promise((resolve) => {
    forEachLine(child.stdout, (line) => {
      const ready = readyWhen(line);
      if (ready !== undefined) resolve(ready);
    });
  });
}

function collectErrorLines(child: ChildProcess): readonly string[] {
  const kept: string[] = [];
  forEachLine(child.stderr, (line) => {
    if (line.trim() !== '') kept.push(line);
    if (kept.length > KEPT_ERROR_LINES) kept.shift();
  });
  return kept;
}

/** An uncaught error is printed above its stack; otherwise the last line is the most useful. */
function chooseReason(lines: readonly string[]): string {
  const uncaught = lines.find((line) => /^[A-Z]\w*Error: |^Error: /.test(line));
  return uncaught?.replace(/^\w+: /, '') ?? lines.at(-1) ?? 'no message';
}

function forEachLine(input: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  if (input !== null) createInterface({ input, crlfDelay: Infinity }).on('line', onLine);
}

function whenEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, signal) => {
      resolve(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
    });
  });
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(timer);
}
