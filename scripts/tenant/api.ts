/** The calls of the API that the commands make, typed by the schemas that the API declares. */
import * as z from 'zod';
import { enablementSchema, posturesSchema } from '../../shared/api/schemas/enablements.ts';
import {
  consentLinkSchema,
  registeredTenantSchema,
  removalSchema,
} from '../../shared/api/schemas/tenants.ts';
import type { enablementRequestSchema } from '../../shared/enablement/enablement.ts';
import type { tenantRegistrationSchema } from '../../shared/tenants/register-tenant.ts';
import type { Context } from '../command-line/context.ts';
import { HttpFailure } from '../command-line/http.ts';
import type { ApiAnswer, ApiRequest, HttpClient } from './http-client.ts';

// Only what is shown is read: members that a deployment of another version lacks or adds do no harm.
const tenant = registeredTenantSchema
  .pick({
    tenantId: true,
    displayName: true,
    domain: true,
    state: true,
    checks: true,
    lastPollDateTime: true,
    lastError: true,
    consentUrl: true,
    consentUrlExpiresDateTime: true,
  })
  .strip();
export type Tenant = z.output<typeof tenant>;

const enablement = enablementSchema
  .pick({ id: true, status: true, dryRun: true, percentComplete: true, steps: true })
  .strip();
export type Enablement = z.output<typeof enablement>;

/** Loose, for it becomes part of what `--json` prints. */
const posture = posturesSchema.shape.value.element
  .pick({ takenAt: true, problems: true, drift: true })
  .loose();
export type Posture = z.output<typeof posture>;

const removal = removalSchema
  .pick({ tenantId: true, purge: true, status: true, deleted: true, errorCode: true, errorMessage: true })
  .strip();
export type Removal = z.output<typeof removal>;

const tenantList = z.object({ value: z.array(tenant) });
const postureList = z.object({ value: z.array(posture) });
const consentLink = consentLinkSchema.strip();

export type TenantRegistration = z.input<typeof tenantRegistrationSchema>;
export type EnablementRequest = z.input<typeof enablementRequestSchema>;

/** An answer as it is read, and whole. */
export interface Read<T> {
  readonly value: T;
  readonly body: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** A long-running operation: the path of its status monitor, and when to read it. */
export interface Operation {
  readonly path: string;
  readonly retryAfterMs: number;
  /** Another caller started it before. */
  readonly wasRunning: boolean;
}

export type Api = ReturnType<typeof createApi>;

/** What a tenant command works with. */
export interface Session extends Context {
  readonly api: Api;
}

/** All calls reject with an HttpFailure that says what is wrong and what to do. */
export function createApi(http: HttpClient) {
  async function read<T extends z.ZodType>(
    method: ApiRequest['method'],
    path: string,
    schema: T,
    body?: object,
  ): Promise<Read<z.output<T>>> {
    const request: ApiRequest = body === undefined ? { method, path } : { method, path, body };
    const answer = await http.send(request);
    return {
      value: parse(request, answer.body, schema),
      body: answer.body,
      retryAfterMs: answer.retryAfterMs,
    };
  }
  const below = (id: string, rest = '') => `tenants/${encodeURIComponent(id)}${rest}`;
  return {
    addTenant: (registration: TenantRegistration) => read('POST', 'tenants', tenant, registration),
    listTenants: () => read('GET', 'tenants', tenantList),
    getTenant: (id: string) => read('GET', below(id), tenant),
    /** Checks the tenant now; a pending tenant with consent becomes active. */
    checkTenant: (id: string) => read('POST', below(id, '/checks'), tenant),
    createConsentLink: (id: string) => read('POST', below(id, '/consentLinks'), consentLink),
    /** Newest first. */
    listPostures: (id: string) => read('GET', below(id, '/posture'), postureList),
    startEnablement: (id: string, request: EnablementRequest) =>
      startEnablement(http, { method: 'POST', path: below(id, '/enablements'), body: request }),
    getEnablement: (path: string) => read('GET', path, enablement),
    cancelEnablement: (path: string) => http.send({ method: 'POST', path: `${path}/cancel` }),
    /** Undefined when the tenant was removed before. */
    async removeTenant(id: string, purge: boolean): Promise<Operation | undefined> {
      const request: ApiRequest = { method: 'DELETE', path: below(id, `?purge=${purge}`) };
      const answer = await http.send(request);
      return answer.body === undefined ? undefined : toOperation(request, answer);
    },
    getRemoval: (path: string) => read('GET', path, removal),
  };
}

/** Where an enablement is running, that one: a tenant has one at a time. */
async function startEnablement(http: HttpClient, request: ApiRequest): Promise<Operation> {
  try {
    return toOperation(request, await http.send(request));
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    const { code, locationPath } = error.refusal;
    if (code !== 'EnablementInProgress' || locationPath === undefined) throw error;
    return { path: locationPath, retryAfterMs: 0, wasRunning: true };
  }
}

const usualWaitMs = 10_000;

function toOperation(request: ApiRequest, { operationPath, retryAfterMs, body }: ApiAnswer): Operation {
  if (operationPath === undefined) throw unexpected(request, 'Operation-Location', body);
  return { path: operationPath, retryAfterMs: retryAfterMs ?? usualWaitMs, wasRunning: false };
}

function parse<T extends z.ZodType>(request: ApiRequest, body: unknown, schema: T): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw unexpected(request, result.error.issues[0]?.path.join('.') ?? '', body);
}

function unexpected({ method, path }: ApiRequest, member: string, answer: unknown): HttpFailure {
  const message = `Unexpected answer to ${method} ${path} (${member}): this command and the deployment are of different versions.`;
  return new HttpFailure(message, { isTransient: false, answer });
}
