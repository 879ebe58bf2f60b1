/** Starts the process that polls for tests, trusting a simulator's certificate. */
import { startAskedProcess } from './asked-process.ts';
import { answerSchema, type PollJob, type PollReport } from './collector-messages.ts';

export interface Collector {
  /** Polls once, with fresh adapters and so a fresh token. @throws Error when the poll throws */
  poll(job: Omit<PollJob, 'id'>): Promise<PollReport>;
  stop(): Promise<void>;
}

/** @param caFile a certificate to trust in addition to the usual ones */
export async function startCollector(caFile: string): Promise<Collector> {
  const script = new URL('collector.ts', import.meta.url);
  const { ask, stop } = await startAskedProcess({
    script,
    answerSchema,
    env: { NODE_EXTRA_CA_CERTS: caFile },
  });
  return {
    async poll(job) {
      const answer = await ask(job);
      if ('failure' in answer) throw new Error(answer.failure);
      return answer.report;
    },
    stop,
  };
}
