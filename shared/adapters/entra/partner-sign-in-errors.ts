/** What it means when sign-in refuses the partner's refresh token. */
import * as z from 'zod';
import { UpstreamError } from '../../errors.ts';
import type { partnerRefusals } from '../../partner-center/partner-center.ts';
import type { Resource } from '../../tenants/sign-in.ts';
import { classifySignInError } from './sign-in-errors.ts';

type PartnerRefusal = (typeof partnerRefusals)[number];

const newToken = 'Have the user sign in again, and store the new refresh token (docs/partner-center.md).';
const relate =
  'Check in Partner Center that the GDAP relationship is active, and that the user is in the security group to which ' +
  'its roles are assigned.';

/** @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const advice: readonly (readonly [
  numbers: readonly number[],
  PartnerRefusal,
  message: string,
  cure: string,
])[] = [
  [
    [70000, 70008, 70043, 700082, 50173, 50089],
    'PartnerSignInExpired',
    "The refresh token of the partner's user has expired, was revoked, or belongs to another application.",
    newToken,
  ],
  [
    [50072, 50074, 50076, 50078, 50079, 50158],
    'PartnerMfaRequired',
    "The refresh token of the partner's user does not prove multifactor authentication.",
    `Require it of the user. ${newToken}`,
  ],
  [
    [50020, 50177, 50178, 90072],
    'NoRelationship',
    "The partner's user has no access to this tenant: there is no active GDAP relationship, or the user is not in its group.",
    relate,
  ],
];

/** Right after the consent, not all machines of sign-in know of it. */
const notInEffect: readonly number[] = [65001, 700016, 7000229, 90099];

const refusalSchema = z.object({ error: z.string(), error_codes: z.array(z.number()).catch([]) });

interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly retryAfterMs: number | undefined;
}

/** @param resource what the token was for: Graph is called after the consent only */
export function classifyPartnerSignIn(
  { status, data, retryAfterMs }: Answer,
  resource: Resource,
): UpstreamError {
  const refusal = refusalSchema.safeParse(data).data;
  const number = refusal?.error_codes[0] ?? 0;
  const [, code, message, cure] = advice.find(([numbers]) => numbers.includes(number)) ?? [];
  if (code !== undefined && message !== undefined) {
    return new UpstreamError('fail', code, `${message} (AADSTS${number})`, { cure });
  }
  if (notInEffect.includes(number)) return missingConsent(number, resource);
  if (status === 429) return new UpstreamError('pause', 'HTTP429', 'Sign-in is throttled.', { retryAfterMs });
  if (refusal !== undefined && status < 500) {
    return classifySignInError({ error: refusal.error, errorCodes: refusal.error_codes }, undefined);
  }
  return new UpstreamError('retry', `HTTP${status}`, `Microsoft Entra answered ${status}.`, { retryAfterMs });
}

function missingConsent(number: number, resource: Resource): UpstreamError {
  if (resource === 'graph') {
    const message = 'The consent has not taken effect in this tenant yet.';
    return new UpstreamError('retry', `AADSTS${number}`, message);
  }
  const message = `The partner's user has not consented to the access to Partner Center. (AADSTS${number})`;
  return new UpstreamError('fail', 'PartnerScopesMissing', message, { cure: newToken });
}
