/** Starts the process that enables for tests, trusting a simulator's certificate. */
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { projectFolder } from '../local/child.ts';
import {
  enablerAnswerSchema,
  type EnablerAnswer,
  type EnablerJob,
  type EnablerReport,
} from './enabler-messages.ts';

export interface Enabler {
  /** Works with fresh adapters and so a fresh token. @throws Error when the work throws or the process ends */
  work(job: Omit<EnablerJob, 'id'>): Promise<EnablerReport>;
  stop(): Promise<void>;
}

/** @param caFile the certificate to trust besides the usual ones */
export async function startEnabler(caFile: string): Promise<Enabler> {
  const child = fork(fileURLToPath(new URL('enabler.ts', import.meta.url)), [], {
    cwd: projectFolder,
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended.then(failEarly)]);
  return {
    async work(job) {
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

function answerTo(child: ChildProcess, id: string): Promise<EnablerAnswer> {
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      const answer = enablerAnswerSchema.parse(message);
      if (answer.id !== id) return;
      child.off('message', listen);
      resolve(answer);
    };
    child.on('message', listen);
  });
}

function failEarly(): never {
  throw new Error('The enabling process ended.');
}
