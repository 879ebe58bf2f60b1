/** Microsoft's own APIs as every tenant sees them: their permissions and the permission IDs. */

interface SimulatedAppRole {
  readonly id: string;
  readonly value: string;
  readonly isEnabled: boolean;
  readonly allowedMemberTypes: readonly string[];
}

export interface SimulatedApi {
  readonly appId: string;
  readonly displayName: string;
  readonly appRoles: readonly SimulatedAppRole[];
}

const role = (id: string, value: string): SimulatedAppRole => ({
  ...{ id, value, isEnabled: true, allowedMemberTypes: ['Application'] },
});

/** @see https://learn.microsoft.com/graph/permissions-reference */
export const microsoftApis: readonly SimulatedApi[] = [
  {
    appId: 'c5393580-f805-4401-95e8-94b7a6ef2fc2',
    displayName: 'Office 365 Management APIs',
    appRoles: [
      role('e2cea78f-e743-4d8f-a16a-75b629a038ae', 'ServiceHealth.Read'),
      role('594c1fb6-4f81-4475-ae41-0c394909246c', 'ActivityFeed.Read'),
      role('4807a72c-ad38-4250-94c9-4eabfe26cd55', 'ActivityFeed.ReadDlp'),
    ],
  },
  {
    appId: '00000003-0000-0000-c000-000000000000',
    displayName: 'Microsoft Graph',
    appRoles: [
      role('1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9', 'Application.ReadWrite.All'),
      role('7ab1d382-f21e-4acd-a863-ba3e13f7da61', 'Directory.Read.All'),
      role('5e1e9171-754d-478c-812c-f1755a9a4c2d', 'AuditLogsQuery.Read.All'),
      role('483bed4a-2ad3-4361-a73b-c83ccdbdc53c', 'RoleManagement.Read.Directory'),
    ],
  },
  {
    appId: '00000002-0000-0ff1-ce00-000000000000',
    displayName: 'Office 365 Exchange Online',
    appRoles: [role('dc50a0fb-09a3-484d-be87-e023b12c6440', 'Exchange.ManageAsApp')],
  },
];
