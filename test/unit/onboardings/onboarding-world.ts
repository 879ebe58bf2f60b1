/** Onboardings in memory: the world of single tenants, with a partner, and hosts that can be killed. */
import { HttpRequest, InvocationContext, type HttpFunctionOptions } from '@azure/functions';
import * as z from 'zod';
import {
  cancelOnboardingHandler,
  createOnboardingLinksHandler,
  getOnboardingHandler,
  getOnboardingResultHandler,
  listOnboardingsHandler,
  startOnboardingHandler,
} from '../../../functions/tenants/onboardings.ts';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, type Scope } from '../../../shared/access/api-keys.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { onboardingBodySchema } from '../../../shared/onboardings/onboarding-body.ts';
import { onboardingKind } from '../../../shared/onboardings/onboarding.ts';
import { onboardingWork } from '../../../shared/onboardings/onboarding-work.ts';
import { publicOnboarding } from '../../../shared/onboardings/public-onboarding.ts';
import { startOnboarding } from '../../../shared/onboardings/start-onboarding.ts';
import type { OperationMessage } from '../../../shared/operations/operation.ts';
import { runOperation } from '../../../shared/operations/run-operation.ts';
import type { PartnerCenter } from '../../../shared/partner-center/partner-center.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { Crash, createFaults, type Faults } from '../../support/faults.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { served } from '../../support/served.ts';
import { budgetMs, createOnboardingWorld } from '../tenants/onboarding-world.ts';

export const idOf = (customer: number) => `c0000000-0000-4000-8000-${String(customer).padStart(12, '0')}`;
export const domainOf = (customer: number) => `c${customer}.example`;
const noConsent = new UpstreamError('fail', 'AADSTS7000229', 'No service principal.');
export const root = 'https://auditkeep.example/api';

interface PartnerOptions {
  readonly tenants?: readonly Tenant[];
  readonly partnerCenter?: PartnerCenter;
}

/** A hundred customers have domains, and none of them has consented. */
export function createPartner({ tenants = [], partnerCenter }: PartnerOptions = {}) {
  const world = createOnboardingWorld({ tenants });
  const onboardings = createFakeOperationStore(onboardingKind);
  for (let customer = 0; customer < 100; customer++)
    world.signIn.domains.set(domainOf(customer), idOf(customer));
  world.signIn.refuse(noConsent);
  const depsOf = (faults: Faults = createFaults()) => ({
    ...world.depsOf(faults),
    onboardings: faults.inject('onboardings', onboardings),
    partnerCenter: partnerCenter && faults.inject('partnerCenter', partnerCenter),
  });
  const host = async (message: OperationMessage, faults?: Faults): Promise<void> => {
    const deps = depsOf(faults);
    await runOperation(deps, onboardingWork(deps), { message, budget: deps.startBudget(budgetMs) });
  };
  const start = (body: unknown) =>
    startOnboarding(depsOf(), { request: onboardingBodySchema.parse(body), createdBy: 'key-1' });
  const read = async (id: string) => {
    const found = await onboardings.get({ id });
    if (found === undefined) throw new Error('The onboarding is gone.');
    return publicOnboarding(found);
  };
  /** Delivers every message; the runs of the first ones have faults, and a host that ends has its message again. */
  const settle = async (faultsOfRuns: readonly Faults[] = [], hosts = 1): Promise<void> => {
    const left = [...faultsOfRuns];
    for (let at = 0; at < world.queues.operations.length; at++) {
      if (at > 500) throw new Error('The messages do not come to an end.');
      const next = world.queues.operations[at];
      if (next === undefined) return;
      world.clock.advance(next.delayMs);
      const copies = Array.from({ length: hosts }, () => host(next.message, left.shift()));
      const ends = await Promise.allSettled(copies);
      const killed = ends.filter((end) => end.status === 'rejected');
      for (const { reason } of killed) if (!(reason instanceof Crash)) throw reason;
      if (killed.length > 0) await host(next.message);
    }
  };
  return { ...world, onboardings, depsOf, host, start, read, settle };
}

export type Partner = ReturnType<typeof createPartner>;

export const rowsOf = (...customers: readonly number[]) =>
  customers.map((each) => ({ domain: domainOf(each) }));

/** Starts one, runs it to its end, and returns it as answers show it. */
export async function runOnboarding(partner: Partner, body: object) {
  const { id } = await partner.start(body);
  await partner.settle();
  return await partner.read(id);
}

const answerSchema = z.object({
  status: z.number().default(200),
  jsonBody: z.unknown().optional(),
  body: z.string().optional(),
  headers: z.record(z.string(), z.string()),
});

/** The routes, called as the host calls them. */
export async function createRoutes(
  partner: Partner,
  scopes: readonly Scope[] = ['tenants.manage'],
  tenants = '*',
) {
  const keys = createFakeApiKeyStore();
  const { key, text } = newApiKey({ name: 'Partner', tenants, scopes }, partner.clock.now());
  await keys.create(key);
  const { telemetry } = partner.telemetry;
  const access = createAccess({
    ...plainAccess,
    keys,
    telemetry,
    tenants: partner.tenants,
    now: partner.clock.now,
  });
  const http = createFakeHttpDeps(partner.clock.now);
  const deps = { ...http, ...partner.depsOf(), access, publicUrl: undefined };
  const call = async (
    options: HttpFunctionOptions,
    path: string,
    { body, accept, idempotencyKey }: Sent = {},
  ) => {
    const request = new HttpRequest({
      ...{ method: options.methods?.[0] ?? 'GET', url: `${root}/${path}` },
      headers: {
        'x-api-key': text,
        'content-type': 'application/json',
        ...(accept === undefined ? {} : { accept }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      params: { onboardingId: /onboardings\/([^/?]+)/.exec(path)?.[1] ?? '' },
      query: Object.fromEntries(new URL(`${root}/${path}`).searchParams),
      ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
    });
    const given = await options.handler(request, new InvocationContext({ logHandler: () => undefined }));
    await expectDescribedInit(request, given);
    return answerSchema.parse(given);
  };
  return {
    entries: http.accessLog.entries,
    start: (body: unknown, idempotencyKey?: string) =>
      call(served(deps, startOnboardingHandler), 'onboardings', { body, idempotencyKey }),
    list: (query = '') => call(served(deps, listOnboardingsHandler), `onboardings${query}`),
    get: (id: string) => call(served(deps, getOnboardingHandler), `onboardings/${id}`),
    result: (id: string) => call(served(deps, getOnboardingResultHandler), `onboardings/${id}/result`),
    cancel: (id: string) => call(served(deps, cancelOnboardingHandler), `onboardings/${id}/cancel`),
    links: (id: string, sent: Sent = {}) =>
      call(served(deps, createOnboardingLinksHandler), `onboardings/${id}/consentLinks`, sent),
  };
}

interface Sent {
  readonly body?: unknown;
  readonly accept?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}
