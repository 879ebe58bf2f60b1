/** The API's answers as far as they are shown; members that are not known here are let pass. */
import * as z from 'zod';

const checkSchema = z.object({
  name: z.string(),
  /** `Passed`, `Failed` or `NotChecked`. */
  state: z.string(),
  message: z.string().nullish(),
  cure: z.string().nullish(),
});

export const tenantSchema = z.object({
  tenantId: z.guid(),
  displayName: z.string(),
  domain: z.string().nullish(),
  /** `PendingConsent`, `Active` or `Removing`. */
  state: z.string(),
  checks: z.array(checkSchema),
  lastPollDateTime: z.string().nullish(),
  lastError: z.string().nullish(),
  consentUrl: z.string().nullish(),
  consentUrlExpiresDateTime: z.string().nullish(),
});
export type Tenant = z.infer<typeof tenantSchema>;

export const tenantListSchema = z.object({ value: z.array(tenantSchema) });

export const consentLinkSchema = z.object({ url: z.string(), expiresDateTime: z.string() });

const stepSchema = z.object({
  name: z.string(),
  status: z.string(),
  before: z.record(z.string(), z.unknown()).nullish(),
  after: z.record(z.string(), z.unknown()).nullish(),
  changes: z.array(z.string()).nullish(),
  nextAttemptDateTime: z.string().nullish(),
  errorCode: z.string().nullish(),
  errorMessage: z.string().nullish(),
});
export type Step = z.infer<typeof stepSchema>;

export const enablementSchema = z.object({
  id: z.string(),
  status: z.string(),
  dryRun: z.boolean(),
  percentComplete: z.number(),
  steps: z.array(stepSchema),
});
export type Enablement = z.infer<typeof enablementSchema>;

/** Loose: it becomes a part of what programs are given. */
const postureSchema = z.looseObject({
  takenAt: z.string(),
  problems: z.array(z.string()),
  drift: z.array(z.string()),
});
export type Posture = z.infer<typeof postureSchema>;

/** Newest first. */
export const postureListSchema = z.object({ value: z.array(postureSchema) });

export const removalSchema = z.object({
  tenantId: z.string(),
  purge: z.boolean(),
  status: z.string(),
  /** How much of each kind. */
  deleted: z.record(z.string(), z.number()),
  errorCode: z.string().nullish(),
  errorMessage: z.string().nullish(),
});
export type Removal = z.infer<typeof removalSchema>;

export const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
