/** What Microsoft Entra sign-in knows: which roles were granted, and which tenant has a domain. */
import { decodeJwt } from 'jose';
import * as z from 'zod';
import { cloudEndpoints } from '../../activity/clouds.ts';
import { UpstreamError } from '../../errors.ts';
import type { SignIn } from '../../tenants/sign-in.ts';
import { retryBriefly } from '../microsoft/attempts.ts';
import { findTenantId } from './find-tenant-id.ts';
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
    findTenantId: (idOrDomain, cloud, budget) => {
      const root = authorityUrl ?? cloudEndpoints[cloud].authorityUrl;
      return retryBriefly(() => findTenantId(root, idOrDomain, budget), budget, retryBaseMs);
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
