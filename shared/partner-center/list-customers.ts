/** The customers of the partner, and which of them are registered. */
import type { Budget } from '../budget.ts';
import { onRefusal, UpstreamError } from '../errors.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import type { Customer, PartnerCenter } from './partner-center.ts';
import { configured, refuse, type PartnerCenterDeps } from './refuse.ts';

export interface ListCustomersDeps extends PartnerCenterDeps {
  readonly tenants: Pick<TenantStore, 'list'>;
  /** Of the calls to Microsoft. */
  readonly budget?: Budget;
}

export interface ListedCustomer extends Customer {
  /** Undefined for a customer that is not registered. */
  readonly state: Tenant['state'] | undefined;
}

/** More than any partner has, and what one answer takes. */
const mostCustomers = 20_000;

/**
 * Each customer once, in order of name.
 * @throws RequestError as consentByRelationship does; when storage fails
 */
export async function listCustomers(deps: ListCustomersDeps): Promise<readonly ListedCustomer[]> {
  const partner = configured(deps);
  const customers = await readAll(partner, deps.budget).catch(onRefusal(refuse));
  const states = new Map((await deps.tenants.list()).map(({ tenantId, state }) => [tenantId, state]));
  return customers
    .map((customer) => ({ ...customer, state: states.get(customer.tenantId) }))
    .sort((a, b) => a.displayName.localeCompare(b.displayName, 'en'));
}

async function readAll(partner: PartnerCenter, budget: Budget | undefined): Promise<readonly Customer[]> {
  const byId = new Map<string, Customer>();
  for await (const page of partner.customers(budget)) {
    for (const customer of page) byId.set(customer.tenantId, customer);
    if (byId.size > mostCustomers) {
      const message = `Partner Center lists more than ${mostCustomers} customers, which is more than one answer takes.`;
      throw new UpstreamError('fail', 'TooManyCustomers', message, { cure: 'Register them by tenant ID.' });
    }
  }
  return [...byId.values()];
}
