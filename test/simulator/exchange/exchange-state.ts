/** The Exchange organization of one simulated tenant and its changes. */

import { createDelayedCell, type DelayedCell } from '../delayed-cell.ts';
import type { SimulatedTenant } from '../tenant.ts';
import { addedMailboxesSchema, exchangeSchema, type AddedMailboxes } from './exchange-schema.ts';
import { defaultMailboxes, generateMailboxes } from './made-up-mailboxes.ts';
import { createMailboxes, mailboxOf, type Mailboxes } from './mailboxes.ts';

export interface Organization {
  /** What Get-AdminAuditLogConfig reports. */
  readonly unifiedAuditLog: boolean;
  readonly auditDisabled: boolean;
  readonly dehydrated: boolean;
  /** True if Enable-OrganizationCustomization has run, whether or not it has taken effect. */
  readonly customizationAsked: boolean;
  /** Directory roles of the service principal as Exchange currently sees them. */
  readonly effectiveRoles: readonly string[];
}

export interface ExchangeState {
  readonly organization: DelayedCell<Organization>;
  readonly mailboxes: Mailboxes;
  /** Directory roles that an administrator assigns to the service principal as soon as it exists. */
  readonly givenRoles: readonly string[];
}

/** @throws ZodError when the tenant's exchange section does not follow the schema */
export const createExchangeState = (tenant: SimulatedTenant, now: () => Date): ExchangeState => {
  const exchange = exchangeSchema.parse(tenant.exchange ?? {});
  const isDefault = exchange.mailboxes === undefined && exchange.generate === undefined;
  const mailboxes = createMailboxes();
  addMailboxes(mailboxes, tenant.domain, {
    mailboxes: isDefault ? defaultMailboxes(tenant.directory.users, tenant.domain) : exchange.mailboxes,
    generate: exchange.generate,
  });
  const organization = {
    unifiedAuditLog: exchange.unifiedAuditLog ?? tenant.auditingEnabled,
    auditDisabled: exchange.auditDisabled,
    dehydrated: exchange.dehydrated,
    customizationAsked: false,
    effectiveRoles: tenant.consented === false ? [] : exchange.directoryRoles,
  };
  const givenRoles = exchange.directoryRoles;
  return { organization: createDelayedCell(organization, now), mailboxes, givenRoles };
};

/** @throws ZodError for invalid input, Error for a duplicate GUID */
export const addMailboxes = (mailboxes: Mailboxes, domain: string, added: AddedMailboxes): void => {
  const { mailboxes: described, generate } = addedMailboxesSchema.parse(added);
  const generated = generate === undefined ? [] : generateMailboxes(generate, domain);
  for (const mailbox of [...described, ...generated]) mailboxes.add(mailboxOf(mailbox));
};
