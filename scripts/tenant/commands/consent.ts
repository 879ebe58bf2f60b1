/** `consent`: a new link by which an administrator of the tenant consents. */
import { describeConsent } from '../describe-tenant.ts';
import { findTenantId } from '../find-tenant.ts';
import type { Outcome, Session } from '../session.ts';

/** @throws Failure */
export async function consent(session: Session, { tenant }: { readonly tenant: string }): Promise<Outcome> {
  const tenantId = await findTenantId(session.api, tenant);
  const { value, body } = await session.api.createConsentLink(tenantId);
  return { exitCode: 0, answer: body, text: describeConsent(value.url, value.expiresDateTime) };
}
