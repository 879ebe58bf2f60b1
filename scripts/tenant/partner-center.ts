/** `customers` and `grant-consent`: what a partner's relationship with its customers allows. */
import type { Command } from '@commander-js/extra-typings';
import type { Outcome } from '../command-line/context.ts';
import { drawTable } from '../command-line/terminal-text.ts';
import { tenantArgument, type Within } from './arguments.ts';
import type { RelationshipGrant, Session } from './api.ts';
import { nameOf } from './describe-tenant.ts';
import { findTenantId } from './find-tenant.ts';

/** Adds them to `tenant`. */
export function definePartnerCenter(tenant: Command, within: Within): void {
  tenant
    .command('customers')
    .description('Lists your customers in Partner Center, and which of them are onboarded.')
    .action(within(customers));
  tenant
    .command('grant-consent')
    .description('Consents in a tenant by your GDAP relationship with it, without a link, and checks it.')
    .addArgument(tenantArgument())
    .option('--backfill', 'also grant what backfills need')
    .option('--no-exchange-role', 'do not assign Exchange Administrator, which enablements need')
    .action(within(grantConsent));
}

async function customers({ api }: Session): Promise<Outcome> {
  const { value, body } = await api.listCustomers();
  const rows = value.value.map(({ displayName, tenantId, domain = '', state = '' }) => [
    displayName,
    tenantId,
    domain,
    state,
  ]);
  const text =
    rows.length === 0
      ? 'Partner Center lists no customers.'
      : drawTable(['Name', 'Tenant', 'Domain', 'State'], rows);
  return { exitCode: 0, answer: body, text };
}

interface GrantOptions {
  readonly backfill?: boolean;
  readonly exchangeRole: boolean;
}

/** Exits with 1 if something was refused, or the tenant is not active yet. @throws HttpFailure */
async function grantConsent(
  { api }: Session,
  named: string,
  { backfill, exchangeRole }: GrantOptions,
): Promise<Outcome> {
  const { value, body } = await api.grantConsent(await findTenantId(api, named), { backfill, exchangeRole });
  const { grants, tenant } = value;
  const isActive = tenant.state === 'Active';
  const isWhole = isActive && grants.every(({ state }) => state !== 'Refused');
  const patience = 'Grants take minutes to take effect; Auditkeep checks the tenant again automatically.';
  const parts = [`${nameOf(tenant)} is ${tenant.state}.`, isActive ? '' : patience, drawGrants(grants)];
  return { exitCode: isWhole ? 0 : 1, answer: body, text: parts.filter((text) => text !== '').join('\n\n') };
}

function drawGrants(grants: readonly RelationshipGrant[]): string {
  const rows = grants.map(({ name, state, message = '', cure = '' }) => [
    name,
    state,
    [message, cure].filter((text) => text !== ''),
  ]);
  return drawTable(['Grant', 'State', 'What it means, what to do'], rows);
}
