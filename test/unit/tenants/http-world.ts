/** The functions of onboarding, called as the host calls them, with a key that may do everything. */
import {
  getLegalHoldHandler,
  liftLegalHoldHandler,
  placeLegalHoldHandler,
} from '../../../functions/tenants/legal-hold.ts';
import { getPolicyHandler, setPolicyHandler } from '../../../functions/tenants/policy.ts';
import { receiveConsentHandler } from '../../../functions/tenants/receive-consent.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import {
  cancelRemovalHandler,
  getRemovalHandler,
  getRemovalResultHandler,
  removeTenantHandler,
} from '../../../functions/tenants/removals.ts';
import { grantConsentHandler, listCustomersHandler } from '../../../functions/tenants/customers.ts';
import {
  checkTenantHandler,
  createConsentLinkHandler,
  getTenantHandler,
  listContentTypesHandler,
  listTenantChoicesHandler,
  listTenantsHandler,
  registerTenantHandler,
  updateTenantHandler,
} from '../../../functions/tenants/tenants.ts';
import { served } from '../../support/served.ts';
import { HttpRequest, InvocationContext, type HttpFunctionOptions } from '@azure/functions';
import { expect } from 'vitest';
import * as z from 'zod';
import { createAccess } from '../../../shared/access/access.ts';
import { newApiKey, type Scope } from '../../../shared/access/api-keys.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { expectDescribedInit } from '../../support/described-handler.ts';
import { createFakeAccessLog } from '../../support/fakes/access-log.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFaults } from '../../support/faults.ts';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { createOnboardingWorld } from './onboarding-world.ts';

export const root = 'https://auditkeep.example/api';

const answerSchema = z.object({
  status: z.number().default(200),
  jsonBody: z.unknown().optional(),
  body: z.string().optional(),
  headers: z
    .record(z.string(), z.string())
    .transform((all) =>
      Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value])),
    ),
});

interface HttpWorldOptions {
  readonly boundTo?: string;
  readonly publicUrl?: string;
  readonly scopes?: readonly Scope[];
  readonly purgeDelayMs?: number;
  readonly failuresPerMinute?: number;
  /** By default, Partner Center is configured. */
  readonly hasPartnerCenter?: boolean;
}

export async function createHttpWorld(
  tenants: readonly Tenant[] = [],
  { boundTo = '*', publicUrl = '', ...given }: HttpWorldOptions = {},
) {
  const world = createOnboardingWorld({ tenants });
  const keys = createFakeApiKeyStore();
  const scopes = given.scopes ?? (['records.read', 'tenants.manage', 'tenants.purge'] as const);
  const { key, text } = newApiKey({ name: 'Partner', tenants: boundTo, scopes }, world.clock.now());
  await keys.create(key);
  const access = createAccess({
    ...plainAccess,
    limits: { ...plainAccess.limits, failuresPerMinute: given.failuresPerMinute ?? 1000 },
    ...{ keys, tenants: world.tenants, telemetry: world.telemetry.telemetry, now: world.clock.now },
  });
  const faults = createFaults();
  const accessLog = createFakeAccessLog();
  const deps = {
    ...createFakeHttpDeps(world.clock.now),
    ...world.depsOf(faults),
    ...(given.hasPartnerCenter === false ? { partnerCenter: undefined } : {}),
    accessLog,
    purgeDelayMs: given.purgeDelayMs ?? 0,
    access,
    publicUrl: publicUrl === '' ? undefined : publicUrl,
  };
  const call = async (options: HttpFunctionOptions, path: string, body?: unknown, from = '192.0.2.1') => {
    const request = new HttpRequest({
      ...{ method: options.methods?.[0] ?? 'GET', url: `${root}/${path}` },
      headers: { 'x-api-key': text, 'content-type': 'application/json', 'x-forwarded-for': from },
      params: {
        tenantId: /tenants\/([^/?]+)/.exec(path)?.[1] ?? '',
        removalId: /removals\/([^/?]+)/.exec(path)?.[1] ?? '',
      },
      query: Object.fromEntries(new URL(`${root}/${path}`).searchParams),
      ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
    });
    const context = new InvocationContext({ logHandler: () => undefined });
    const given = await options.handler(request, context);
    await expectDescribedInit(request, given);
    return answerSchema.parse(given);
  };
  const fabrikam = `tenants/${fabrikamId}`;
  return {
    ...world,
    ...{ keyId: key.id, steps: faults.steps, entries: accessLog.entries },
    register: (body: unknown) => call(served(deps, registerTenantHandler), 'tenants', body),
    get: () => call(served(deps, getTenantHandler), fabrikam),
    getPolicy: () => call(served(deps, getPolicyHandler), 'policy'),
    setPolicy: (body: unknown) => call(served(deps, setPolicyHandler), 'policy', body),
    update: (body: unknown) => call(served(deps, updateTenantHandler), fabrikam, body),
    list: () => call(served(deps, listTenantsHandler), 'tenants'),
    choices: () => call(served(deps, listTenantChoicesHandler), 'tenantChoices'),
    contentTypes: () => call(served(deps, listContentTypesHandler), `${fabrikam}/contentTypes`),
    check: () => call(served(deps, checkTenantHandler), `${fabrikam}/checks`, {}),
    customers: () => call(served(deps, listCustomersHandler), 'customers'),
    grantConsent: (body?: unknown, tenantId = fabrikamId) =>
      call(served(deps, grantConsentHandler), `tenants/${tenantId}/consents`, body),
    createLink: () => call(served(deps, createConsentLinkHandler), `${fabrikam}/consentLinks`, {}),
    comeBack: (query: string, from?: string) =>
      call(served(deps, receiveConsentHandler), `consent/callback?${query}`, undefined, from),
    remove: (query = '', tenantId = fabrikamId, body?: unknown) =>
      call(served(deps, removeTenantHandler), `tenants/${tenantId}${query}`, body),
    hold: (tenantId = fabrikamId) => call(served(deps, getLegalHoldHandler), `tenants/${tenantId}/legalHold`),
    placeHold: (body: unknown, tenantId = fabrikamId) =>
      call(served(deps, placeLegalHoldHandler), `tenants/${tenantId}/legalHold`, body),
    liftHold: (body: unknown) => call(served(deps, liftLegalHoldHandler), `${fabrikam}/legalHold/lift`, body),
    removal: (id: string) => call(served(deps, getRemovalHandler), `removals/${id}`),
    cancelRemoval: (id: string) => call(served(deps, cancelRemovalHandler), `removals/${id}/cancel`),
    removalResult: (id: string) => call(served(deps, getRemovalResultHandler), `removals/${id}/result`),
  };
}

export const errorOf = (code: string, target?: string) => ({
  error: { code, message: expect.any(String) as unknown, ...(target === undefined ? {} : { target }) },
});
