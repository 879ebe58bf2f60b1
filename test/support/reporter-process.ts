/** Starts the process that reports for tests, trusting the certificate of a stand-in for ingestion. */
import type * as z from 'zod';
import { startAskedProcess } from './asked-process.ts';
import { answerSchema, type stepSchema } from './reporter-messages.ts';

export interface Reporter {
  /** Runs the steps one after the other; returns what was written to standard output instead. */
  report(
    connectionString: string,
    steps: readonly z.input<typeof stepSchema>[],
    token?: string,
  ): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** @param caFile a certificate to trust in addition to the usual ones */
export async function startReporter(caFile: string): Promise<Reporter> {
  const script = new URL('reporter.ts', import.meta.url);
  const { ask, stop } = await startAskedProcess({
    script,
    answerSchema,
    env: { NODE_EXTRA_CA_CERTS: caFile },
  });
  return {
    report: async (connectionString, steps, token) => (await ask({ connectionString, steps, token })).lines,
    stop,
  };
}
