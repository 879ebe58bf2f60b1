/** The calls of the API that the commands make, with the addresses and bodies that its operations declare. */
import * as z from 'zod';
import { startEnablement } from '../../shared/api/enablements.ts';
import type { Operation as Declared, PathNames } from '../../shared/api/operation.ts';
import { listRolloutTenants, startRollout } from '../../shared/api/rollouts.ts';
import { enablementSchema, postureListSchema, posturesSchema } from '../../shared/api/schemas/enablements.ts';
import { rolloutSchema, rolloutTenantsSchema } from '../../shared/api/schemas/rollouts.ts';
import { customersSchema, relationshipConsentSchema } from '../../shared/api/schemas/customers.ts';
import { removalSchema } from '../../shared/api/schemas/removals.ts';
import { consentLinkSchema, registeredTenantSchema } from '../../shared/api/schemas/tenants.ts';
import { getLegalHold, liftLegalHold, placeLegalHold } from '../../shared/api/legal-hold.ts';
import { legalHoldSchema } from '../../shared/api/schemas/legal-hold.ts';
import * as onboardings from '../../shared/api/onboardings.ts';
import { consentLinksSchema, onboardingSchema } from '../../shared/api/schemas/onboardings.ts';
import * as tenants from '../../shared/api/tenants.ts';
import type { Context } from '../command-line/context.ts';
import { HttpFailure } from '../command-line/http.ts';
import type { ApiAnswer, ApiRequest, Send } from './http-client.ts';

// Only what is shown is read: members that a deployment of another version lacks or adds do no harm.
const tenant = registeredTenantSchema
  .pick({
    tenantId: true,
    displayName: true,
    tags: true,
    domain: true,
    domains: true,
    domainsReadDateTime: true,
    createdDateTime: true,
    state: true,
    checks: true,
    lastPollDateTime: true,
    lastError: true,
    consentUrl: true,
    consentUrlExpiresDateTime: true,
    legalHold: true,
    removal: true,
    retention: true,
    retainedFromDateTime: true,
  })
  .partial({ tags: true })
  .strip();
export type Tenant = z.output<typeof tenant>;

const enablement = enablementSchema
  .pick({ id: true, status: true, dryRun: true, percentComplete: true })
  .extend({ steps: z.array(enablementSchema.shape.steps.element.strip()) })
  .strip();
export type Enablement = z.output<typeof enablement>;

/** Loose, for it becomes part of what `--json` prints. */
const posture = posturesSchema.shape.value.element
  .pick({ checkedDateTime: true, problems: true, drift: true })
  .loose();
export type Posture = z.output<typeof posture>;

const rollout = rolloutSchema
  .pick({
    id: true,
    status: true,
    dryRun: true,
    percentComplete: true,
    runningCount: true,
    waitingCount: true,
    failedCount: true,
  })
  .strip();
export type Rollout = z.output<typeof rollout>;

const rolloutTenants = pageSchema(rolloutTenantsSchema.shape.value.element.loose());
export type RolloutTenant = z.output<typeof rolloutTenants>['value'][number];

const postures = pageSchema(postureListSchema.shape.value.element.loose());
export type TenantPosture = z.output<typeof postures>['value'][number];

const removal = removalSchema
  .pick({
    id: true,
    tenantId: true,
    purge: true,
    status: true,
    effectiveDateTime: true,
    deleted: true,
    errorCode: true,
    errorMessage: true,
  })
  .strip();
export type Removal = z.output<typeof removal>;

const legalHold = legalHoldSchema.strip();
export type LegalHold = z.output<typeof legalHold>;

const tenantList = z.object({ value: z.array(tenant) });
const postureList = z.object({ value: z.array(posture) });
const consentLink = consentLinkSchema.strip();
const customers = z.object({ value: z.array(customersSchema.shape.value.element.strip()) });

const relationshipGrant = relationshipConsentSchema.shape.grants.element.strip();
export type RelationshipGrant = z.output<typeof relationshipGrant>;
const relationshipConsent = z.object({ grants: z.array(relationshipGrant), tenant });

const onboarding = onboardingSchema
  .pick({ id: true, status: true, tenantCount: true, doneCount: true, errorMessage: true })
  .extend({ tenants: z.array(onboardingSchema.shape.tenants.element.strip()) })
  .strip();
export type Onboarding = z.output<typeof onboarding>;

const linkToSend = consentLinksSchema.shape.value.element.strip();
export type LinkToSend = z.output<typeof linkToSend>;
const linksToSend = z.object({ value: z.array(linkToSend) });

function pageSchema<T extends z.ZodType>(entry: T) {
  return z.object({ value: z.array(entry), nextLink: z.string().optional() });
}

type BodyOf<O> = O extends { readonly body: z.ZodType } ? z.input<O['body']> : undefined;
export type TenantRegistration = BodyOf<typeof tenants.registerTenant>;
export type EnablementRequest = BodyOf<typeof startEnablement>;
type RolloutRequest = BodyOf<typeof startRollout>;
export type OnboardingRequest = BodyOf<typeof onboardings.startOnboarding>;

/** An answer as it is read, and whole. */
export interface Read<T> extends ApiAnswer {
  readonly value: T;
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
export function createApi(send: Send) {
  async function read<T>(schema: z.ZodType<T>, request: ApiRequest): Promise<Read<T>> {
    const answer = await send(request);
    const { data, error } = schema.safeParse(answer.body);
    if (error !== undefined) throw unexpected(request, error.issues[0]?.path.join('.') ?? '', answer.body);
    return { ...answer, value: data };
  }
  /** All pages, and what they contain as one answer. */
  async function readAll<T>(page: z.ZodType<Page<T>>, first: ApiRequest) {
    const value: T[] = [];
    for (let next: ApiRequest | undefined = first; next !== undefined;) {
      const seen: Read<Page<T>> = await read(page, next);
      value.push(...seen.value.value);
      next = nextOf(seen.value);
    }
    return { value, body: { value } };
  }
  return {
    addTenant: (body: TenantRegistration) => read(tenant, toRequest(tenants.registerTenant, {}, body)),
    listTenants: () => read(tenantList, toRequest(tenants.listTenants, {})),
    getTenant: (tenantId: string) => read(tenant, toRequest(tenants.getTenant, { tenantId })),
    /** Checks the tenant now; a pending tenant with consent becomes active. */
    checkTenant: (tenantId: string) => read(tenant, toRequest(tenants.checkTenant, { tenantId })),
    createConsentLink: (tenantId: string) =>
      read(consentLink, toRequest(tenants.createConsentLink, { tenantId })),
    listCustomers: () => read(customers, toRequest(tenants.listCustomers, {})),
    grantConsent: (tenantId: string, body: BodyOf<typeof tenants.grantConsent>) =>
      read(relationshipConsent, toRequest(tenants.grantConsent, { tenantId }, body)),
    /** Newest first. */
    listPostures: (tenantId: string) => read(postureList, toRequest(tenants.getPosture, { tenantId })),
    /** The one that is running, if its request is the same. */
    async startOnboarding(body: OnboardingRequest): Promise<Operation> {
      const request = toRequest(onboardings.startOnboarding, {}, body);
      return toOperation(request, await send(request));
    },
    getOnboarding: (path: string) => read(onboarding, { method: 'GET', path }),
    createOnboardingLinks: (onboardingId: string, body: BodyOf<typeof onboardings.createOnboardingLinks>) =>
      read(linksToSend, toRequest(onboardings.createOnboardingLinks, { onboardingId }, body)),
    startEnablement: (tenantId: string, body: EnablementRequest) =>
      startOrFollow(send, toRequest(startEnablement, { tenantId }, body)),
    getEnablement: (path: string) => read(enablement, { method: 'GET', path }),
    async startRollout(body: RolloutRequest): Promise<Operation> {
      const request = toRequest(startRollout, {}, body);
      return toOperation(request, await send(request));
    },
    getRollout: (path: string) => read(rollout, { method: 'GET', path }),
    /** The worst first. */
    listRolloutTenants: (rolloutId: string) =>
      readAll(rolloutTenants, toRequest(listRolloutTenants, { rolloutId })),
    /** The newest of each, the worst first. */
    listPosturesOfTenants: (named: string) => {
      const { method, path } = toRequest(tenants.listPostures, {});
      return readAll(postures, { method, path: `${path}?tenants=${encodeURIComponent(named)}` });
    },
    cancelEnablement: (path: string) => send({ method: 'POST', path: `${path}/cancel` }),
    /** Undefined when the tenant was removed before. */
    async removeTenant(tenantId: string, purge: boolean): Promise<Operation | undefined> {
      const { method, path } = toRequest(tenants.removeTenant, { tenantId });
      const request = { method, path: `${path}?purge=${purge}` };
      const answer = await send(request);
      return answer.body === undefined ? undefined : toOperation(request, answer);
    },
    /** Also of a tenant that is not registered. */
    getLegalHold: (tenantId: string) => read(legalHold, toRequest(getLegalHold, { tenantId })),
    placeLegalHold: (tenantId: string, body: BodyOf<typeof placeLegalHold>) =>
      read(legalHold, toRequest(placeLegalHold, { tenantId }, body)),
    liftLegalHold: (tenantId: string, body: BodyOf<typeof liftLegalHold>) =>
      read(legalHold, toRequest(liftLegalHold, { tenantId }, body)),
    getRemoval: (path: string) => read(removal, { method: 'GET', path }),
    cancelRemoval: (removalId: string) => read(removal, toRequest(tenants.cancelRemoval, { removalId })),
  };
}

interface Page<T> {
  readonly value: readonly T[];
  readonly nextLink?: string | undefined;
}

function nextOf({ nextLink }: Page<unknown>): ApiRequest | undefined {
  if (nextLink === undefined) return undefined;
  const { pathname, search } = new URL(nextLink);
  return { method: 'GET', path: `${pathname}${search}` };
}

function toRequest<O extends Declared>(
  { method, route }: O,
  path: Readonly<Record<PathNames<O['route']>, string>>,
  body?: BodyOf<O>,
): ApiRequest {
  const values: Readonly<Record<string, string>> = path;
  const filled = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  return { method, path: filled, body };
}

/** Where an enablement is running, that one: a tenant has one at a time. */
async function startOrFollow(send: Send, request: ApiRequest): Promise<Operation> {
  try {
    return toOperation(request, await send(request));
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

function unexpected({ method, path }: ApiRequest, member: string, answer: unknown): HttpFailure {
  const message = `Unexpected answer to ${method} ${path} (${member}): this command and the deployment are of different versions.`;
  return new HttpFailure(message, { isTransient: false, answer });
}
