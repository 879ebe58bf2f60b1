/** Messages between a test and the process that exports for it. */
import * as z from 'zod';

export const exporterJobSchema = z.object({
  connectionString: z.string(),
  tenantId: z.string(),
  id: z.string(),
  /** How long one message works before it hands the rest to the next. */
  budgetMs: z.number(),
});
export type ExporterJob = z.infer<typeof exporterJobSchema>;

export const exporterReportSchema = z.object({
  status: z.string(),
  messages: z.number(),
  /** The most memory the process has had, as the system counts it. */
  peakMb: z.number(),
  /** Before it began. */
  beginMb: z.number(),
  seconds: z.number(),
});
export type ExporterReport = z.infer<typeof exporterReportSchema>;
