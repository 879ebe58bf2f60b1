/** Messages between a test and the process that enables for it. */
import * as z from 'zod';

const enablerWorkSchema = z.object({ id: z.string(), after: z.number().optional() });
/** One message of an enablement. */
export type EnablerWork = z.infer<typeof enablerWorkSchema>;

export const enablerJobSchema = z.object({
  id: z.string(),
  connectionString: z.string(),
  /** Root of the simulator: sign-in, Activity API and Exchange. */
  baseUrl: z.url(),
  clientId: z.string(),
  clientSecret: z.string(),
  publisherId: z.string(),
  tenantId: z.string(),
  /** How far the clock is ahead of the machine's. */
  clockOffsetMs: z.number(),
  budgetMs: z.number(),
  /** Runs an enablement as one message does, or the daily check. */
  work: z.union([enablerWorkSchema, z.literal('check')]),
});
export type EnablerJob = z.infer<typeof enablerJobSchema>;

export const enablerReportSchema = z.object({
  /** Messages that were sent, with the delay of each. */
  messages: z.array(enablerWorkSchema.extend({ delayMs: z.number() })),
  polls: z.number(),
  /** Names of telemetry events, each with its fields. */
  events: z.array(z.object({ event: z.string(), fields: z.record(z.string(), z.unknown()) })),
});
export type EnablerReport = z.infer<typeof enablerReportSchema>;

export const enablerAnswerSchema = z.union([
  z.object({ id: z.string(), report: enablerReportSchema }),
  z.object({ id: z.string(), failure: z.string() }),
]);
export type EnablerAnswer = z.infer<typeof enablerAnswerSchema>;
