/** Which tenant has an ID or a domain, by the public metadata of sign-in. */
import axios, { type AxiosRequestConfig } from 'axios';
import * as z from 'zod';
import type { Budget } from '../../budget.ts';
import { UpstreamError } from '../../errors.ts';
import { failAsNetworkError, retryAfterMs } from '../microsoft/refusals.ts';

const timeoutMs = 15_000;
/** The configuration of a tenant takes 2 KB. */
const maxAnswerBytes = 1024 * 1024;
const issued = z.object({ issuer: z.url() });

/**
 * The issuer of its tokens names a tenant. Makes one attempt.
 * @returns undefined when no tenant has the ID or the domain
 * @throws UpstreamError when sign-in cannot be reached
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export async function findTenantId(
  authorityUrl: string,
  idOrDomain: string,
  budget: Budget | undefined,
): Promise<string | undefined> {
  const url = `${authorityUrl}/${encodeURIComponent(idOrDomain)}/v2.0/.well-known/openid-configuration`;
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
  throw new UpstreamError('retry', `HTTP${status}`, `Microsoft Entra answered ${status} about the tenant.`, {
    retryAfterMs: retryAfterMs(response),
  });
}
