/** Bundles the measured program and runs it in separate processes. */
import { build } from 'esbuild';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Task } from './tasks.ts';

export interface Program {
  /** The bundle, for plain Node: a TypeScript loader alone takes 100 MB. */
  readonly file: string;
}

/** Bundles it as the build does the app, in a folder that goes when this process does. */
export async function bundleProgram(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'auditkeep-bench-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'runner.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('runner/main.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    keepNames: true,
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    external: ['@azure/functions-core'],
    logLevel: 'warning',
  });
  return { file };
}

export interface Worker {
  /** @throws {Error} when the task fails or the process ends */
  readonly run: <Input, Result>(task: Task<Input, Result>, input: Input) => Promise<Result>;
  readonly stop: () => Promise<void>;
}

export interface WorkerOptions {
  readonly program: Program;
  readonly env: Readonly<Record<string, string>>;
  /** Folder for a CPU profile. */
  readonly profile: string | undefined;
}

const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), result: z.unknown() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);

/** Starts a process; it does one task at a time and ends with this one. */
export function startWorker({ program, env, profile }: WorkerOptions): Worker {
  const child = fork(program.file, [], {
    env: { ...process.env, ...env },
    execArgv: profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile],
    // Standard output may carry the one JSON object.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  return {
    run: async (task, input) => {
      const message = await Promise.race([send(child, { task: task.name, input }), ended]);
      if (message === undefined) throw new Error(`A measured process ended during ${task.name}`);
      const reply = replySchema.parse(message);
      if (reply.kind === 'failed') throw new Error(`${task.name} failed: ${reply.reason}`);
      return task.result.parse(reply.result);
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

async function send(child: ChildProcess, job: { task: string; input: unknown }): Promise<unknown> {
  const answered = once(child, 'message');
  child.send(job);
  const [message] = z
    .tuple([z.unknown()])
    .rest(z.unknown())
    .parse(await answered);
  return message;
}
