/** Calls Auditkeep over HTTP, like any other caller. */
import * as z from 'zod';
import { type ApiCall, createApiCall } from './api-calls.ts';
import { createDestinationsApi, type DestinationsApi } from './destinations-api.ts';
import { createOnboardingApi, type OnboardingApi } from './onboarding-api.ts';

const ingestionSchema = z.object({
  tenantId: z.string(),
  idle: z.boolean(),
  /** Everything before this time has been collected and indexed. */
  completeThrough: z.iso.datetime().nullish(),
  contentBlobs: z.number(),
  recordsLanded: z.number(),
  recordsIndexed: z.number(),
  /** Processed so far of the landings that are not indexed. */
  recordsIndexing: z.number(),
  rejected: z.number(),
  gaps: z.number(),
});

const roleHolderSchema = z.object({
  id: z.string(),
  type: z.string(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
});

const recordSchema = z.object({
  id: z.string(),
  createdDateTime: z.string(),
  operation: z.string().nullish(),
  service: z.string().nullish(),
  userId: z.string().nullish(),
  objectId: z.string().nullish(),
  clientIp: z.string().nullish(),
});

const recordPageSchema = z.object({
  value: z.array(recordSchema),
  nextLink: z.string().nullish(),
  isPending: z.boolean().optional(),
  hasGaps: z.boolean().optional(),
});

type Ingestion = z.infer<typeof ingestionSchema>;
type RoleHolder = z.infer<typeof roleHolderSchema>;
export type AuditRecord = z.infer<typeof recordSchema>;

/** The filters of `GET /api/tenants/{tenantId}/records`; `[from, to)`. */
export interface RecordFilter {
  readonly from: Date;
  readonly to: Date;
  /** By any name. */
  readonly actor: readonly string[];
  readonly service?: string;
}

interface RecordAnswer {
  /** Newest first. */
  readonly records: readonly AuditRecord[];
  /** Not everything in the requested time range has been collected yet. */
  readonly isPending: boolean;
  /** The requested time range begins before collection did, or has gaps. */
  readonly hasGaps: boolean;
}

export interface Api extends OnboardingApi, DestinationsApi {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly checkHealth: () => Promise<void>;
  readonly getIngestion: (tenantId: string) => Promise<Ingestion>;
  readonly listRoleHolders: (tenantId: string) => Promise<readonly RoleHolder[]>;
  /** Follows every nextLink. */
  readonly listRecords: (tenantId: string, filter: RecordFilter) => Promise<RecordAnswer>;
}

/** All functions reject with the request and the API's own message when the API refuses. */
export function createApi(baseUrl: string, apiKey: string): Api {
  const call = createApiCall(baseUrl, apiKey);
  const get = async (path: string): Promise<unknown> => (await call(path)).body;
  return {
    ...createOnboardingApi(call),
    ...createDestinationsApi(call),
    baseUrl,
    apiKey,
    checkHealth: async () => {
      await get('/api/health');
    },
    getIngestion: async (tenantId) => ingestionSchema.parse(await get(`/api/tenants/${tenantId}/ingestion`)),
    listRoleHolders: async (tenantId) => {
      const answer = await get(`/api/tenants/${tenantId}/roleHolders`);
      return z.object({ value: z.array(roleHolderSchema) }).parse(answer).value;
    },
    listRecords: (tenantId, filter) => readPages(call, recordsUrl(baseUrl, tenantId, filter)),
  };
}

/** The URL of this query. */
export function recordsUrl(baseUrl: string, tenantId: string, filter: RecordFilter): URL {
  const url = new URL(`/api/tenants/${tenantId}/records`, baseUrl);
  url.searchParams.set('from', filter.from.toISOString());
  url.searchParams.set('to', filter.to.toISOString());
  url.searchParams.set('actor', filter.actor.join(','));
  if (filter.service !== undefined) url.searchParams.set('service', filter.service);
  return url;
}

async function readPages(call: ApiCall, first: URL): Promise<RecordAnswer> {
  const records: AuditRecord[] = [];
  let [isPending, hasGaps] = [false, false];
  let next: URL | undefined = first;
  while (next !== undefined) {
    const page: z.infer<typeof recordPageSchema> = recordPageSchema.parse((await call(next)).body);
    records.push(...page.value);
    isPending ||= page.isPending ?? false;
    hasGaps ||= page.hasGaps ?? false;
    next = typeof page.nextLink === 'string' ? new URL(page.nextLink) : undefined;
  }
  return { records, isPending, hasGaps };
}
