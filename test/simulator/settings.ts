/** The knobs of the simulator that tests may turn while it runs. */

import { z } from 'zod';

const settingsSchema = z.strictObject({
  /** Waiting time before every HTTPS reply, in milliseconds. */
  latencyMs: z.number().nonnegative(),
  /** Content blobs on one page of a content listing. */
  pageSize: z.int().positive(),
  /** Objects on one page of a Graph collection. */
  graphPageSize: z.int().positive(),
  /** Spelling of the paging header. */
  nextPageHeader: z.enum(['NextPageUri', 'nextpageuri', 'NEXTPAGEURI']),
  /** Every listing begins with an empty page that has a next one. */
  emptyFirstPage: z.boolean(),
  /** A content blob younger than this serves only part of its records; 0: content blobs never grow. */
  settleMs: z.number().nonnegative(),
  /** After stop and start: for so long start says enabled, list is empty and content answers AF20023. */
  resubscribeLagMs: z.number().nonnegative(),
  /** Activity API requests per tenant and minute before AF429; 0: no limit. */
  requestsPerMinute: z.int().nonnegative(),
  /** Life of access tokens. */
  tokenLifetimeSeconds: z.int().positive(),
});

export type Settings = z.output<typeof settingsSchema>;

/** Some of the settings; properties that are absent or undefined stay as they are. */
export const settingsChangeSchema = settingsSchema.partial();

export type SettingsChange = z.output<typeof settingsChangeSchema>;

export const defaultSettings: Settings = {
  latencyMs: 0,
  pageSize: 200,
  graphPageSize: 2,
  nextPageHeader: 'NextPageUri',
  emptyFirstPage: false,
  settleMs: 0,
  resubscribeLagMs: 60_000,
  requestsPerMinute: 0,
  tokenLifetimeSeconds: 3599,
};
