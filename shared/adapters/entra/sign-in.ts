/** What Microsoft Entra sign-in knows: which roles were granted, and which tenant has a domain. */
import axios, { type AxiosRequestConfig } from 'axios';
import { decodeJwt } from 'jose';
import * as z from 'zod';
import { cloudEndpoints } from '../../activity/clouds.ts';
import type { Budget } from '../../budget.ts';
import { UpstreamError } from '../../errors.ts';
import type { SignIn } from '../../tenants/sign-in.ts';
import { retryBriefly } from '../microsoft/attempts.ts';
import { failAsNetworkError, retryAfterMs } from '../microsoft/refusals.ts';
import type { TokenProvider } from './token-provider.ts';

export interface SignInOptions {
  readonly tokens: TokenProvider;
  /** Instead of the cloud's own sign-in root. */
  readonly authorityUrl: string | undefined;
  /** First wait between attempts, in milliseconds; doubled each time. */
  readonly retryBaseMs?: number;
}

const rolesClaim = z.object({ roles: z.array(z.string()).default([]) });

export function createSignIn({ tokens, authorityUrl, retryBaseMs }: SignInOptions): SignIn {
  return {
    async grantedRoles(tenant, resource, budget) {
      // Not verified: it came over TLS from sign-in itself, and the API it is for makes the final decision.
      const mint = () => tokens.freshToken(tenant, resource, budget);
      return rolesIn(await retryBriefly(mint, budget, retryBaseMs));
    },
    findTenantId: (domain, cloud, budget) => {
      const root = authorityUrl ?? cloudEndpoints[cloud].authorityUrl;
      return retryBriefly(() => findTenantId(root, domain, budget), budget, retryBaseMs);
    },
  };
}

/** Not verified. @throws UpstreamError when it is not a token */
export function rolesIn(token: string): readonly string[] {
  try {
    return rolesClaim.parse(decodeJwt(token)).roles;
  } catch {
    throw new UpstreamError('fail', 'UnreadableToken', 'Microsoft Entra returned an unreadable token.');
  }
}

const timeoutMs = 15_000;
/** The configuration of a tenant takes 2 KB. */
const maxAnswerBytes = 1024 * 1024;
const issued = z.object({ issuer: z.url() });

/**
 * The issuer of a domain's tokens names its tenant.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
async function findTenantId(
  authorityUrl: string,
  domain: string,
  budget: Budget | undefined,
): Promise<string | undefined> {
  const url = `${authorityUrl}/${encodeURIComponent(domain)}/v2.0/.well-known/openid-configuration`;
  const options: AxiosRequestConfig = {
    timeout: timeoutMs,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
    maxContentLength: maxAnswerBytes,
    ...(budget === undefined ? {} : { signal: budget.cutoff }),
  };
  const response = await axios.get<unknown>(url, options).catch(failAsNetworkError);
  const { status, data } = response;
  if (status === 400 || status === 404) return undefined;
  const issuer = issued.safeParse(data).data?.issuer ?? '';
  const tenantId = z.guid().safeParse(new URL(issuer || authorityUrl).pathname.split('/')[1]).data;
  if (status === 200 && tenantId !== undefined) return tenantId.toLowerCase();
  throw new UpstreamError('retry', `HTTP${status}`, `Microsoft Entra answered ${status} about the domain.`, {
    retryAfterMs: retryAfterMs(response),
  });
}
