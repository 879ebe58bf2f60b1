/** Starts the process that reports for tests, trusting the certificate of a stand-in for ingestion. */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { projectFolder } from '../local/child.ts';
import { answerSchema, type stepSchema } from './reporter-messages.ts';

export interface Reporter {
  /** Takes the steps one after the other; gives what was written to standard output instead. */
  report(
    connectionString: string,
    steps: readonly z.input<typeof stepSchema>[],
    token?: string,
  ): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function startReporter(caFile: string): Promise<Reporter> {
  const child = fork(fileURLToPath(new URL('reporter.ts', import.meta.url)), [], {
    cwd: projectFolder,
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
  });
  const ended = once(child, 'exit');
  const failEarly = () => {
    throw new Error('The reporting process ended.');
  };
  const nextMessage = async () =>
    z.array(z.unknown()).parse(await Promise.race([once(child, 'message'), ended.then(failEarly)]))[0];
  await nextMessage();
  return {
    async report(connectionString, steps, token) {
      const answered = nextMessage();
      child.send({ id: randomUUID(), connectionString, steps, token });
      return answerSchema.parse(await answered).lines;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
