/** Tokens for a user of the partner, by a refresh token: at home, and in the tenants of customers. */
import axios, { type AxiosResponse } from 'axios';
import * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import { cloudEndpoints } from '../../activity/clouds.ts';
import type { Budget } from '../../budget.ts';
import type { CredentialSettings } from '../../config.ts';
import { UpstreamError } from '../../errors.ts';
import type { Meter } from '../../telemetry.ts';
import type { Resource } from '../../tenants/sign-in.ts';
import { failAsNetworkError, retryAfterMs } from '../microsoft/refusals.ts';
import { clientProof } from './client-proof.ts';
import { classifyPartnerSignIn } from './partner-sign-in-errors.ts';
import { renewBeforeMs, scopeOf, type TokenProvider } from './token-provider.ts';

export interface PartnerTokenOptions {
  /** Of the application, to which the refresh token is bound. */
  readonly credential: CredentialSettings;
  /** Of a user of the partner. Stays valid when it is used: Auditkeep does not store the newer ones that come back. */
  readonly refreshToken: string;
  /** Instead of the cloud's own sign-in root. */
  readonly authorityUrl: string | undefined;
  readonly meter?: Meter | undefined;
}

interface Issued {
  readonly token: string;
  readonly expiresAtMs: number;
}

/**
 * Refusals have a code of `partnerRefusals` where the relationship or the user is the cause.
 * @see https://learn.microsoft.com/partner-center/developer/enable-secure-app-model
 * @see https://learn.microsoft.com/entra/identity-platform/refresh-tokens
 */
export function createPartnerTokens(options: PartnerTokenOptions): TokenProvider {
  const cached = new Map<string, Issued>();
  const mint = async (tenant: TenantRef, resource: Resource, budget?: Budget): Promise<string> => {
    const issued = await redeem(options, { tenant, resource, budget });
    for (const [key, { expiresAtMs }] of cached) if (expiresAtMs <= Date.now()) cached.delete(key);
    cached.set(keyOf(tenant, resource), issued);
    return issued.token;
  };
  return {
    async token(tenant, resource, budget) {
      const last = cached.get(keyOf(tenant, resource));
      const isFresh = last !== undefined && last.expiresAtMs - renewBeforeMs > Date.now();
      return isFresh ? last.token : await mint(tenant, resource, budget);
    },
    freshToken: mint,
    renew(tenant, refused) {
      for (const [key, { token }] of cached) {
        if (key.startsWith(tenant.tenantId) && token === refused) cached.delete(key);
      }
    },
  };
}

function keyOf({ tenantId }: TenantRef, resource: Resource): string {
  return `${tenantId}/${resource}`;
}

interface Redeeming {
  readonly tenant: TenantRef;
  readonly resource: Resource;
  readonly budget: Budget | undefined;
}

const timeoutMs = 15_000;
/** A token takes a few kilobytes. */
const maxAnswerBytes = 1024 * 1024;
const issuedSchema = z.object({ access_token: z.string(), expires_in: z.coerce.number() });

async function redeem(options: PartnerTokenOptions, redeeming: Redeeming): Promise<Issued> {
  const response = await post(options, redeeming);
  const issued = issuedSchema.safeParse(response.data).data;
  if (response.status === 200 && issued !== undefined) {
    return { token: issued.access_token, expiresAtMs: Date.now() + issued.expires_in * 1000 };
  }
  const { tenantId } = redeeming.tenant;
  if (response.status === 429) options.meter?.('auditkeep.throttles', 1, { api: 'signIn', tenantId });
  throw classifyPartnerSignIn(
    { status: response.status, data: response.data, retryAfterMs: retryAfterMs(response) },
    redeeming.resource,
  );
}

async function post(
  { credential, refreshToken, authorityUrl }: PartnerTokenOptions,
  { tenant, resource, budget }: Redeeming,
): Promise<AxiosResponse<unknown>> {
  const { tenantId, cloud } = tenant;
  const root = authorityUrl ?? cloudEndpoints[cloud].authorityUrl;
  const endpoint = `${root}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
  const proof = await clientProof(credential, { endpoint, cloud }).catch(failWithoutProof);
  const form = new URLSearchParams({
    client_id: credential.clientId,
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    scope: scopeOf(cloud, resource),
    ...proof,
  });
  const settings = {
    timeout: timeoutMs,
    maxRedirects: 0,
    proxy: false,
    maxContentLength: maxAnswerBytes,
  } as const;
  return await axios
    .post<unknown>(endpoint, form, {
      ...settings,
      validateStatus: () => true,
      ...(budget === undefined ? {} : { signal: budget.cutoff }),
    })
    .catch(failAsNetworkError);
}

/** The cause is left out: it could carry the assertion into logs. */
function failWithoutProof(): never {
  throw new UpstreamError('retry', 'SignInUnavailable', "Could not get the application's own credential.");
}
