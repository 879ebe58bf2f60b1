/** The calls of the API that the command makes. */
import type * as z from 'zod';
import {
  consentLinkSchema,
  enablementSchema,
  postureListSchema,
  removalSchema,
  tenantListSchema,
  tenantSchema,
  type Enablement,
  type Posture,
  type Removal,
  type Tenant,
} from './answers.ts';
import { ApiFailure } from './failure.ts';
import type { ApiAnswer, ApiRequest, HttpClient } from './http-client.ts';

/** An answer as it is shown, and as it was. */
export interface Read<T> {
  readonly value: T;
  readonly body: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** Work that goes on there: its status monitor, and when to look at it. */
export interface Operation {
  readonly path: string;
  readonly retryAfterMs: number;
  /** Somebody else had started it before. */
  readonly wasRunning: boolean;
}

export interface TenantRegistration {
  readonly tenantId?: string;
  readonly domain?: string;
  readonly displayName?: string | undefined;
  readonly cloud?: string | undefined;
  readonly contentTypes?: readonly string[] | undefined;
  readonly repairDrift?: boolean | undefined;
}

/** Absent members are as the API has them. */
export interface EnablementRequest {
  readonly dryRun?: boolean | undefined;
  readonly workloads?: readonly string[] | undefined;
  readonly mailboxes?: readonly string[] | { readonly filter: string } | undefined;
  readonly auditLogAgeDays?: number | undefined;
  readonly nonOwner?:
    | { readonly admin?: readonly string[] | undefined; readonly delegate?: readonly string[] | undefined }
    | undefined;
  readonly owner?: readonly string[] | undefined;
  readonly removeBypasses?: boolean | undefined;
}

/** All calls reject with an ApiFailure that says what is wrong and what to do. */
export interface Api {
  addTenant(registration: TenantRegistration): Promise<Read<Tenant>>;
  listTenants(): Promise<Read<readonly Tenant[]>>;
  getTenant(tenantId: string): Promise<Read<Tenant>>;
  /** Looks anew; a pending tenant whose consent stands becomes active. */
  checkTenant(tenantId: string): Promise<Read<Tenant>>;
  createConsentLink(
    tenantId: string,
  ): Promise<Read<{ readonly url: string; readonly expiresDateTime: string }>>;
  /** Newest first. */
  listPostures(tenantId: string): Promise<Read<readonly Posture[]>>;
  startEnablement(tenantId: string, request: EnablementRequest): Promise<Operation>;
  getEnablement(path: string): Promise<Read<Enablement>>;
  cancelEnablement(path: string): Promise<void>;
  /** Undefined when it is gone already. */
  removeTenant(tenantId: string, purge: boolean): Promise<Operation | undefined>;
  getRemoval(path: string): Promise<Read<Removal>>;
}

export function createApi(http: HttpClient): Api {
  async function read<T extends z.ZodType>(request: ApiRequest, schema: T): Promise<Read<z.output<T>>> {
    const { body, retryAfterMs } = await http.send(request);
    return { value: understand(request, body, schema), body, retryAfterMs };
  }
  const tenant = (id: string) => `tenants/${encodeURIComponent(id)}`;
  return {
    addTenant: (body) => read({ method: 'POST', path: 'tenants', body }, tenantSchema),
    async listTenants() {
      const { value, body } = await read({ method: 'GET', path: 'tenants' }, tenantListSchema);
      return { value: value.value, body };
    },
    getTenant: (id) => read({ method: 'GET', path: tenant(id) }, tenantSchema),
    checkTenant: (id) => read({ method: 'POST', path: `${tenant(id)}/checks` }, tenantSchema),
    createConsentLink: (id) =>
      read({ method: 'POST', path: `${tenant(id)}/consentLinks` }, consentLinkSchema),
    async listPostures(id) {
      const { value, body } = await read({ method: 'GET', path: `${tenant(id)}/posture` }, postureListSchema);
      return { value: value.value, body };
    },
    startEnablement: (id, body) => startEnablement(http, `${tenant(id)}/enablements`, body),
    getEnablement: (path) => read({ method: 'GET', path }, enablementSchema),
    async cancelEnablement(path) {
      await http.send({ method: 'POST', path: `${path}/cancel` });
    },
    async removeTenant(id, purge) {
      const request: ApiRequest = { method: 'DELETE', path: `${tenant(id)}?purge=${purge}` };
      const answer = await http.send(request);
      return answer.body === undefined ? undefined : toOperation(request, answer);
    },
    getRemoval: (path) => read({ method: 'GET', path }, removalSchema),
  };
}

/** Where another one runs, that one: there is one in a tenant at a time. */
async function startEnablement(http: HttpClient, path: string, body: EnablementRequest): Promise<Operation> {
  const request: ApiRequest = { method: 'POST', path, body };
  try {
    return toOperation(request, await http.send(request));
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const { code, locationPath } = error.refusal;
    if (code !== 'EnablementInProgress' || locationPath === undefined) throw error;
    return { path: locationPath, retryAfterMs: 0, wasRunning: true };
  }
}

const usualWaitMs = 10_000;

function toOperation(request: ApiRequest, { operationPath, retryAfterMs, body }: ApiAnswer): Operation {
  if (operationPath === undefined) throw notUnderstood(request, 'Operation-Location', body);
  return { path: operationPath, retryAfterMs: retryAfterMs ?? usualWaitMs, wasRunning: false };
}

function understand<T extends z.ZodType>(request: ApiRequest, body: unknown, schema: T): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw notUnderstood(request, result.error.issues[0]?.path.join('.') ?? '', body);
}

function notUnderstood({ method, path }: ApiRequest, member: string, body: unknown): ApiFailure {
  const message = `The answer to ${method} ${path} is not understood (${member}): this command and the deployment are of different versions.`;
  return new ApiFailure(message, { mayPass: false, body });
}
