/** Messages between a test and the process that onboards for it. */
import * as z from 'zod';
import { cloudSchema } from '../../../shared/activity/clouds.ts';
import { operationMessageSchema } from '../../../shared/operations/operation.ts';
import { tenantCheckMessageSchema } from '../../../shared/tenants/check-tenant.ts';
import { tenantRegistrationSchema } from '../../../shared/tenants/register-tenant.ts';
import { resources } from '../../../shared/tenants/sign-in.ts';

/** Its settings. */
export const onboarderSettingsSchema = z.object({
  connectionString: z.string(),
  /** Root of the simulator: sign-in, Activity API, Graph and Exchange. */
  baseUrl: z.url(),
  clientId: z.string(),
  clientSecret: z.string(),
  publisherId: z.string(),
  /** Of the partner's user. */
  refreshToken: z.string(),
});
export type OnboarderSettings = z.infer<typeof onboarderSettingsSchema>;

const workSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('roles'), tenantId: z.string(), resource: z.enum(resources) }),
  z.object({ kind: z.literal('findDomain'), domain: z.string(), cloud: cloudSchema }),
  z.object({ kind: z.literal('register'), registration: tenantRegistrationSchema }),
  z.object({ kind: z.literal('createLink'), tenantId: z.string(), callbackUrl: z.url() }),
  /** Query of the callback's address. */
  z.object({ kind: z.literal('receiveConsent'), query: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal('listCustomers') }),
  z.object({ kind: z.literal('consentByRelationship'), tenantId: z.string() }),
  z.object({ kind: z.literal('runCheck'), message: tenantCheckMessageSchema }),
  z.object({ kind: z.literal('remove'), tenantId: z.string(), purge: z.boolean() }),
  z.object({ kind: z.literal('runRemoval'), message: operationMessageSchema }),
]);
export type OnboarderWork = z.infer<typeof workSchema>;

export const onboarderJobSchema = z.object({
  id: z.string(),
  /** How far the clock is ahead of the machine's. */
  clockOffsetMs: z.number(),
  work: workSchema,
});
export type OnboarderJob = z.infer<typeof onboarderJobSchema>;

export const onboarderAnswerSchema = z.object({
  id: z.string(),
  result: z.unknown().optional(),
  /** Of an error: its name and members. */
  failure: z.record(z.string(), z.unknown()).optional(),
  tenantChecks: z.array(z.object({ message: tenantCheckMessageSchema, delayMs: z.number() })),
  operations: z.array(z.object({ message: operationMessageSchema, delayMs: z.number() })),
  /** Tenants for which a poll was requested. */
  polls: z.array(z.string()),
});
export type OnboarderAnswer = z.infer<typeof onboarderAnswerSchema>;
