/** An onboarding: many tenants registered by one request, one after another. */
import * as z from 'zod';
import { cloudSchema } from '../activity/clouds.ts';
import { contentTypeSchema } from '../activity/content-types.ts';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { OperationStore } from '../operations/operation-store.ts';
import { retentionSchema } from '../retention/retention.ts';
import { storedDate } from '../stored-date.ts';
import { tenantStates } from '../tenants/tenant.ts';

/** A link that an administrator of the customer opens, or the relationship that Partner Center knows. */
export const consentWaySchema = z.enum(['link', 'relationship']).meta({ id: 'ConsentWay' });

/** A registration as it is stored: checked before. */
const rowSchema = z.strictObject({
  tenantId: z.string().optional(),
  domain: z.string().optional(),
  displayName: z.string().optional(),
  tags: z.array(z.string()).optional(),
  cloud: cloudSchema.optional(),
  contentTypes: z.array(contentTypeSchema).optional(),
  repairDrift: z.boolean().optional(),
  retention: retentionSchema.optional(),
});

/** What was requested. Links are not part of it, nor of the state: they are made when someone asks for them. */
export const onboardingRequestSchema = z.strictObject({
  tenants: z.array(rowSchema),
  consent: consentWaySchema,
  /** Nothing is registered: rows say what would become of them. */
  dryRun: z.boolean().default(false),
});
export type OnboardingRequest = Readonly<z.output<typeof onboardingRequestSchema>>;

/**
 * `Registered` since the onboarding was requested, or before; `ConsentRefused`: registered, but Partner Center did not
 * consent; `Refused`: not registered by this row.
 */
export const rowOutcomes = ['Registered', 'AlreadyRegistered', 'ConsentRefused', 'Refused'] as const;

const rowResultSchema = z.strictObject({
  outcome: z.enum(rowOutcomes),
  /** Absent if no tenant was found. */
  tenantId: z.string().optional(),
  /** As it was then. */
  tenantState: z.enum(tenantStates).optional(),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
  /** Number of the row, from 1, that has the same tenant. */
  sameTenantAsRow: z.int().optional(),
});
export type RowResult = Readonly<z.output<typeof rowResultSchema>>;

const waitingSchema = z.strictObject({
  /** Position of the row, from 0. */
  at: z.int(),
  /** How often it had to wait for Microsoft. */
  times: z.int(),
  until: storedDate,
});

const stateSchema = z.strictObject({
  /** In the order of the rows, as far as there are any; null: none yet. */
  results: z.array(rowResultSchema.nullable()).readonly(),
  waiting: z.array(waitingSchema).readonly().optional(),
});
export type OnboardingState = Readonly<z.output<typeof stateSchema>>;

const dayMs = 24 * 60 * 60_000;

/** One at a time for the whole partner, because two would ask Microsoft twice as much. */
export const onboardingKind: OperationKind<OnboardingRequest, OnboardingState> = {
  name: 'onboardings',
  noun: 'Onboarding',
  request: onboardingRequestSchema,
  state: stateSchema,
  isOfPartner: true,
  isExclusive: true,
  keepMs: 30 * dayMs,
};

export type Onboarding = Operation<OnboardingRequest, OnboardingState>;
export type OnboardingStore = OperationStore<OnboardingRequest, OnboardingState>;
