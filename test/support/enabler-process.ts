/** Starts the process that enables for tests, trusting a simulator's certificate. */
import { startAskedProcess } from './asked-process.ts';
import { enablerAnswerSchema, type EnablerJob, type EnablerReport } from './enabler-messages.ts';

export interface Enabler {
  /** Works with fresh adapters and so a fresh token. @throws Error when the work throws or the process ends */
  work(job: Omit<EnablerJob, 'id'>): Promise<EnablerReport>;
  stop(): Promise<void>;
}

/** @param caFile a certificate to trust in addition to the usual ones */
export async function startEnabler(caFile: string): Promise<Enabler> {
  const { ask, stop } = await startAskedProcess({
    script: new URL('enabler.ts', import.meta.url),
    answerSchema: enablerAnswerSchema,
    env: { NODE_EXTRA_CA_CERTS: caFile },
  });
  return {
    async work(job) {
      const answer = await ask(job);
      if ('failure' in answer) throw new Error(answer.failure);
      return answer.report;
    },
    stop,
  };
}
