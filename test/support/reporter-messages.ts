/** Messages between a test and the process that reports for it. */
import * as z from 'zod';
import { telemetryEvents, type TelemetryEvent } from '../../shared/telemetry/events.ts';

const event = z.custom<TelemetryEvent>((name) => typeof name === 'string' && name in telemetryEvents);

export const stepSchema = z.discriminatedUnion('report', [
  z.object({
    report: z.literal('event'),
    event,
    fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    times: z.number().default(1),
    /** Reports within an invocation of a function of this name, with this trace. */
    within: z.object({ function: z.string(), traceparent: z.string() }).optional(),
  }),
  z.object({ report: z.literal('records'), value: z.number(), tenantId: z.string() }),
  z.object({ report: z.literal('poison'), value: z.number(), queue: z.string() }),
  z.object({ report: z.literal('gaps'), ofTenants: z.number() }),
  z.object({ report: z.literal('flush') }),
]);
export type Step = z.infer<typeof stepSchema>;

export const jobSchema = z.object({
  id: z.string(),
  /** Jobs of one connection string share a monitor. */
  connectionString: z.string(),
  /** Of the app's identity; without it the connection string alone opens the way in. */
  token: z.string().optional(),
  steps: z.array(stepSchema),
});
export type ReportJob = z.infer<typeof jobSchema>;

/** Lines that the monitor wrote to standard output instead. */
export const answerSchema = z.object({ id: z.string(), lines: z.array(z.string()) });
export type ReportAnswer = z.infer<typeof answerSchema>;
