/** The organization cmdlets: the audit switch, its override, and dehydration. */

import * as z from 'zod';
import type { TenantState } from '../tenant-states.ts';
import { CmdletError, defineCmdlet, type Cmdlet, type CmdletContext } from './cmdlet.ts';

const dehydratedException =
  'Microsoft.Exchange.Configuration.Tasks.InvalidOperationInDehydratedContextException';
const dehydratedText =
  "The command you tried to run isn't currently allowed in your organization. To run this command, you first need to run the command: Enable-OrganizationCustomization.";
const notRequiredText = 'This operation is not required. Organization is already enabled for customization.';

const getAdminAuditLogConfig = defineCmdlet('Get-AdminAuditLogConfig', {}, ({ state }) => ({
  rows: [
    {
      Name: 'Admin Audit Log Settings',
      Identity: 'Admin Audit Log Settings',
      AdminAuditLogEnabled: true,
      AdminAuditLogCmdlets: ['*'],
      AdminAuditLogParameters: ['*'],
      AdminAuditLogExcludedCmdlets: [],
      AdminAuditLogAgeLimit: '90.00:00:00',
      LogLevel: 'None',
      UnifiedAuditLogIngestionEnabled: state.exchange.organization.get().unifiedAuditLog,
    },
  ],
}));

/** Reading the value back lags by one delay, and the Activity API follows after another. */
const setAdminAuditLogConfig = defineCmdlet(
  'Set-AdminAuditLogConfig',
  { UnifiedAuditLogIngestionEnabled: z.boolean().optional() },
  (context, { UnifiedAuditLogIngestionEnabled: enabled }) => {
    refuseDehydrated(context);
    const { state, settings } = context;
    const { organization } = state.exchange;
    organization.patchAfter({ unifiedAuditLog: enabled }, settings.auditSwitchReadBackMs);
    state.policy.patchAfter({ auditingEnabled: enabled }, settings.auditSwitchEffectMs);
    return { rows: [] };
  },
);

const getOrganizationConfig = defineCmdlet('Get-OrganizationConfig', {}, ({ state }) => ({
  rows: [organizationOf(state)],
}));

const setOrganizationConfig = defineCmdlet(
  'Set-OrganizationConfig',
  { AuditDisabled: z.boolean().optional() },
  (context, { AuditDisabled: auditDisabled }) => {
    refuseDehydrated(context);
    context.state.exchange.organization.patch({ auditDisabled });
    return { rows: [] };
  },
);

const enableOrganizationCustomization = defineCmdlet(
  'Enable-OrganizationCustomization',
  {},
  ({ state, settings }) => {
    const { organization } = state.exchange;
    const { dehydrated, customizationAsked } = organization.get();
    if (!dehydrated || customizationAsked)
      throw new CmdletError('System.InvalidOperationException', notRequiredText);
    organization.patch({ customizationAsked: true });
    organization.patchAfter({ dehydrated: false }, settings.customizationDelayMs);
    return { rows: [] };
  },
);

export const organizationCmdlets: readonly Cmdlet[] = [
  getAdminAuditLogConfig,
  setAdminAuditLogConfig,
  getOrganizationConfig,
  setOrganizationConfig,
  enableOrganizationCustomization,
];

/** Settings of the organization cannot be changed while they are shared with other tenants. */
const refuseDehydrated = ({ state }: CmdletContext): void => {
  if (state.exchange.organization.get().dehydrated)
    throw new CmdletError(dehydratedException, dehydratedText);
};

const organizationOf = ({ tenant, exchange }: TenantState) => {
  const { auditDisabled, dehydrated } = exchange.organization.get();
  return {
    Name: tenant.domain,
    Identity: tenant.domain,
    DisplayName: tenant.displayName,
    ExternalDirectoryOrganizationId: tenant.tenantId,
    AuditDisabled: auditDisabled,
    IsDehydrated: dehydrated,
  };
};
