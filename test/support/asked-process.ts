/** A separate process that answers a test, because Node reads NODE_EXTRA_CA_CERTS only when it starts. */
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import { projectFolder } from '../local/child.ts';
import { bundleScript } from './run/bundle.ts';

export interface AskedProcess<Answer> {
  /** @throws Error when the process ends without an answer */
  readonly ask: (question: Readonly<Record<string, unknown>>) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

export interface AskedProcessOptions<Answer> {
  /** It sends a first message when it is ready, and then one for each that it gets, with the `id` of that. */
  readonly script: URL;
  readonly answerSchema: z.ZodType<Answer>;
  /** In addition to this process's own. */
  readonly env: Readonly<Record<string, string>>;
}

export async function startAskedProcess<Answer extends { readonly id: string }>({
  script,
  answerSchema,
  env,
}: AskedProcessOptions<Answer>): Promise<AskedProcess<Answer>> {
  const path = fileURLToPath(script);
  const child = fork(await bundleScript(path), [], {
    cwd: projectFolder,
    execArgv: ['--enable-source-maps'],
    env: { ...process.env, ...env },
  });
  const exited = once(child, 'exit');
  const ended = exited.then((): never => {
    throw new Error(`The process of ${basename(path)} ended.`);
  });
  // Also when no one awaits the answer.
  ended.catch(() => undefined);
  await Promise.race([once(child, 'message'), ended]);
  return {
    async ask(question) {
      const id = randomUUID();
      const answered = answerTo(child, { id, answerSchema });
      child.send({ id, ...question });
      return await Promise.race([answered, ended]);
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

function answerTo<Answer extends { readonly id: string }>(
  child: ChildProcess,
  { id, answerSchema }: { readonly id: string; readonly answerSchema: z.ZodType<Answer> },
): Promise<Answer> {
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      const answer = answerSchema.parse(message);
      if (answer.id !== id) return;
      child.off('message', listen);
      resolve(answer);
    };
    child.on('message', listen);
  });
}
