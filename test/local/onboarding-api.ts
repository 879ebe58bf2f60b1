/** The part of the API that onboards tenants and turns auditing on. */
import * as z from 'zod';
import type { ApiCall } from './api-calls.ts';

const registeredSchema = z.object({
  tenantId: z.string(),
  state: z.enum(['PendingConsent', 'Active', 'Removing']),
  /** Consent link for an administrator of the tenant; absent when nothing is missing. */
  consentUrl: z.url().optional(),
});

const stepSchema = z.object({
  name: z.string(),
  status: z.string(),
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
  changes: z.array(z.string()).default([]),
  errorMessage: z.string().optional(),
});

const enablementSchema = z.object({
  status: z.string(),
  percentComplete: z.number(),
  steps: z.array(stepSchema),
});

const posturesSchema = z.object({ value: z.array(z.object({ problems: z.array(z.string()) })) });

const posturePageSchema = z.object({
  value: z.array(
    z.object({
      tenantDisplayName: z.string(),
      unifiedAuditLog: z.boolean().optional(),
      problems: z.array(z.string()),
    }),
  ),
  nextLink: z.url().optional(),
});

/** The newest audit posture of one of several tenants. */
export type TenantPosture = z.infer<typeof posturePageSchema>['value'][number];
type RegisteredTenant = z.infer<typeof registeredSchema>;
export type EnablementStep = z.infer<typeof stepSchema>;
export type Enablement = z.infer<typeof enablementSchema>;

/** A tenant to onboard. */
export interface TenantRegistration {
  readonly tenantId: string;
  readonly displayName: string;
  /** If set, the tenant is registered by domain instead of ID. */
  readonly domain?: string;
  /** The app's default when absent. */
  readonly contentTypes?: readonly string[];
}

export interface OnboardingApi {
  readonly listTenantIds: () => Promise<readonly string[]>;
  /** Registering again retries what failed. */
  readonly registerTenant: (registration: TenantRegistration) => Promise<RegisteredTenant>;
  /** Starts an enablement of everything, and returns the URL of its status. */
  readonly startEnablement: (tenantId: string) => Promise<URL>;
  readonly getEnablement: (status: URL) => Promise<Enablement>;
  /** The problems that the last posture check of the tenant found. */
  readonly listProblems: (tenantId: string) => Promise<readonly string[]>;
  /** Of all tenants, the worst first. */
  readonly listPostures: () => Promise<readonly TenantPosture[]>;
}

export function createOnboardingApi(call: ApiCall): OnboardingApi {
  return {
    listTenantIds: async () => {
      const { body } = await call('/api/tenants');
      const listSchema = z.object({ value: z.array(z.object({ tenantId: z.string() })) });
      return listSchema.parse(body).value.map(({ tenantId }) => tenantId);
    },
    registerTenant: async ({ tenantId, domain, ...rest }) => {
      const name = domain === undefined ? { tenantId } : { domain };
      return registeredSchema.parse((await call('/api/tenants', { ...name, ...rest })).body);
    },
    startEnablement: async (tenantId) => {
      const { headers } = await call(`/api/tenants/${tenantId}/enablements`, { removeBypasses: true });
      return new URL(z.url().parse(headers.get('operation-location')));
    },
    getEnablement: async (status) => enablementSchema.parse((await call(status)).body),
    listProblems: async (tenantId) => {
      const { body } = await call(`/api/tenants/${tenantId}/posture`);
      return posturesSchema.parse(body).value[0]?.problems ?? [];
    },
    listPostures: () => readPostures(call),
  };
}

async function readPostures(call: ApiCall): Promise<readonly TenantPosture[]> {
  const postures: TenantPosture[] = [];
  let next: string | URL | undefined = '/api/posture?tenants=*';
  while (next !== undefined) {
    const page: z.infer<typeof posturePageSchema> = posturePageSchema.parse((await call(next)).body);
    postures.push(...page.value);
    next = page.nextLink === undefined ? undefined : new URL(page.nextLink);
  }
  return postures;
}
