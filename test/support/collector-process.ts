/** Starts the process that polls for tests, trusting a simulator's certificate. */
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { projectFolder } from '../local/child.ts';
import { answerSchema, type Answer, type PollJob, type PollReport } from './collector-messages.ts';

export interface Collector {
  /** Polls once, with fresh adapters and so a fresh token. @throws Error when the poll throws */
  poll(job: Omit<PollJob, 'id'>): Promise<PollReport>;
  stop(): Promise<void>;
}

/** @param caFile the certificate to trust besides the usual ones */
export async function startCollector(caFile: string): Promise<Collector> {
  const child = fork(fileURLToPath(new URL('collector.ts', import.meta.url)), [], {
    cwd: projectFolder,
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended.then(failEarly)]);
  return {
    async poll(job) {
      const id = randomUUID();
      const answered = answerTo(child, id);
      child.send({ id, ...job });
      const answer = await Promise.race([answered, ended.then(failEarly)]);
      if ('failure' in answer) throw new Error(answer.failure);
      return answer.report;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function answerTo(child: ChildProcess, id: string): Promise<Answer> {
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

function failEarly(): never {
  throw new Error('The collecting process ended.');
}
