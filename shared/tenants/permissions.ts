/** The application permissions that the registration requests from customers, by API. */

/** Options that request further permissions. */
export type PermissionOption = 'dlp' | 'backfill';

interface WantedApi {
  readonly name: string;
  /** Client ID of the API, the same in every tenant. */
  readonly appId: string;
  /** Values of application permissions; their IDs are read from the API's own service principal. */
  readonly permissions: readonly string[];
  /** Requested only with an option of the command, and never taken away. */
  readonly optional: readonly { readonly permission: string; readonly option: PermissionOption }[];
}

/**
 * @see https://learn.microsoft.com/office/office-365-management-api/get-started-with-office-365-management-apis
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export const wantedApis: readonly WantedApi[] = [
  {
    name: 'Office 365 Management APIs',
    appId: 'c5393580-f805-4401-95e8-94b7a6ef2fc2',
    permissions: ['ActivityFeed.Read'],
    optional: [{ permission: 'ActivityFeed.ReadDlp', option: 'dlp' }],
  },
  {
    name: 'Microsoft Graph',
    appId: '00000003-0000-0000-c000-000000000000',
    permissions: ['RoleManagement.Read.Directory', 'Directory.Read.All'],
    optional: [{ permission: 'AuditLogsQuery.Read.All', option: 'backfill' }],
  },
  {
    name: 'Office 365 Exchange Online',
    appId: '00000002-0000-0ff1-ce00-000000000000',
    permissions: ['Exchange.ManageAsApp'],
    optional: [],
  },
];
