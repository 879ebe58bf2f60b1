/** Messages between a test and the process that polls for it. */
import * as z from 'zod';
import { contentTypeSchema } from '../../shared/activity/content-types.ts';

export const pollJobSchema = z.object({
  id: z.string(),
  connectionString: z.string(),
  /** Root of the simulator: sign-in and Activity API. */
  baseUrl: z.url(),
  clientId: z.string(),
  clientSecret: z.string(),
  publisherId: z.string(),
  tenantId: z.string(),
  contentTypes: z.array(contentTypeSchema),
  settleMs: z.number(),
  /** How far the poller's clock is ahead of the machine's. */
  clockOffsetMs: z.number(),
  reconcile: z.boolean(),
  maxBufferedBytes: z.number(),
  maxLandingBytes: z.number(),
});
export type PollJob = z.infer<typeof pollJobSchema>;

const refusalSchema = z.object({ code: z.string(), action: z.string() });

export const pollReportSchema = z.object({
  contentBlobs: z.number(),
  records: z.number(),
  deferred: z.number(),
  waiting: z.number(),
  gaps: z.number(),
  finished: z.boolean(),
  pause: refusalSchema.extend({ retryAfterMs: z.number().optional() }).optional(),
  /** By content type. */
  errors: z.record(z.string(), refusalSchema),
});
export type PollReport = z.infer<typeof pollReportSchema>;

export const answerSchema = z.union([
  z.object({ id: z.string(), report: pollReportSchema }),
  z.object({ id: z.string(), failure: z.string() }),
]);
export type Answer = z.infer<typeof answerSchema>;
