/** What it means when Partner Center, or Graph for the partner's user, refuses. */
import * as z from 'zod';
import { actionOfStatus, UpstreamError } from '../../errors.ts';
import { parseRefusal, type Refusal } from '../microsoft/refusals.ts';

const partnerCenterBody = z.object({
  code: z.union([z.string(), z.number()]).optional(),
  description: z.string().optional(),
});

const roles = 'Cloud Application Administrator and Privileged Role Administrator';
const addRoles = `Add the roles ${roles} to the GDAP relationship, and assign them to a security group of the user.`;

/**
 * Microsoft documents statuses, not codes.
 * @see https://learn.microsoft.com/partner-center/developer/control-panel-vendor-apis
 */
export function classifyPartnerCenterError({ status, body, retryAfterMs }: Refusal): UpstreamError {
  const { code = '', description = '' } = parseRefusal(partnerCenterBody, body) ?? {};
  const said = `${status} ${code}`.trim();
  if (status === 409 || description.includes('already exists')) {
    return new UpstreamError('done', 'AlreadyExists', 'The consent exists already.');
  }
  if (status === 401 && /\bmfa\b|multi-?factor/i.test(description)) {
    const message = `Partner Center requires multifactor authentication of the partner's user (${said}).`;
    const cure =
      'Have the user sign in with multifactor authentication, and store the new refresh token (docs/partner-center.md).';
    return new UpstreamError('fail', 'PartnerMfaRequired', message, { cure });
  }
  if (status === 403) {
    const message =
      "Partner Center does not let the partner's user consent in this tenant: there is no active GDAP relationship, the " +
      `user is not in its security group or not an Admin agent, or a role is missing (${said}).`;
    return new UpstreamError('fail', 'PartnerRoleMissing', message, { cure: addRoles });
  }
  if (status === 404) {
    const cure = 'Check the tenant ID, and that the customer is in the list of Partner Center.';
    const message = `Partner Center does not know this tenant as a customer (${said}).`;
    return new UpstreamError('fail', 'NoRelationship', message, { cure });
  }
  const message = `Partner Center answered ${said}.`;
  return new UpstreamError(actionOfStatus(status), `HTTP${status}`, message, { retryAfterMs });
}

const graphBody = z.object({ error: z.object({ code: z.string(), message: z.string().catch('') }) });

/** Graph says that something exists already only in words. */
export function classifyDelegatedGraphError({ status, body, retryAfterMs }: Refusal): UpstreamError {
  const error = parseRefusal(graphBody, body)?.error;
  const { code = `HTTP${status}`, message: said = '' } = error ?? {};
  if (status === 409 || /already exists?|conflicting object/i.test(said)) {
    return new UpstreamError('done', code, 'It exists already.');
  }
  if (status === 403) {
    const message = `Microsoft Graph does not let the partner's user make this change in the tenant (${code}).`;
    return new UpstreamError('fail', 'PartnerRoleMissing', message, { cure: addRoles });
  }
  const message = `Microsoft Graph answered ${status} ${code}.`;
  return new UpstreamError(actionOfStatus(status), code, message, { retryAfterMs });
}
