/** Partner Center: customers, and consent in their tenants without a link. */
import * as api from '../../shared/api/tenants.ts';
import { handler } from '../../shared/http/handler.ts';
import { tenantIdIn } from '../../shared/http/tenant-id-in-path.ts';
import {
  consentByRelationship,
  type ConsentByRelationshipDeps,
} from '../../shared/partner-center/consent-by-relationship.ts';
import { listCustomers, type ListCustomersDeps } from '../../shared/partner-center/list-customers.ts';
import { policyShownTo } from '../../shared/tenants/policy.ts';
import { publicTenant } from '../../shared/tenants/public-tenant.ts';

export const listCustomersHandler = handler(api.listCustomers, async (deps: ListCustomersDeps, { reply }) => {
  const customers = await listCustomers(deps);
  const value = customers.map((customer) => ({ ...customer, registered: customer.state !== undefined }));
  return reply(200, { value });
});

export const grantConsentHandler = handler(
  api.grantConsent,
  async (deps: ConsentByRelationshipDeps, { seesAll, path, body, reply }) => {
    const { tenant, grants } = await consentByRelationship(deps, tenantIdIn(path), body);
    return reply(200, { grants, tenant: publicTenant(tenant, await policyShownTo(deps, { seesAll })) });
  },
);
