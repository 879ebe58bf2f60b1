/** One Microsoft 365 tenant in the simulator: its feed and its directory. */

import type { SimulatedExchange } from './exchange/exchange-schema.ts';

/** The five content types of the Office 365 Management Activity API. */
export type FeedContentType =
  'Audit.AzureActiveDirectory' | 'Audit.Exchange' | 'Audit.SharePoint' | 'Audit.General' | 'DLP.All';

/** One audit record, as delivered by the feed. */
export interface SimulatedRecord {
  readonly contentType: FeedContentType;
  /** The exact JSON text of the record; content blobs contain it unchanged. */
  readonly text: string;
  /** When the record becomes available in the feed; its content blob's contentCreated is not earlier. */
  readonly availableAt: Date;
}

export interface SimulatedUser {
  /** Directory object ID, a GUID. */
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly mail?: string | undefined;
  readonly otherMails?: readonly string[] | undefined;
  /** With their protocols, such as `SMTP:`. */
  readonly proxyAddresses?: readonly string[] | undefined;
}

export interface SimulatedGroup {
  readonly id: string;
  readonly displayName: string;
  /** IDs of members: users or other groups. */
  readonly memberIds: readonly string[];
}

export interface SimulatedServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
}

/** Holders of Global Administrator (directory object IDs of users, groups, and service principals). */
export interface SimulatedDirectory {
  readonly users: readonly SimulatedUser[];
  readonly groups: readonly SimulatedGroup[];
  readonly servicePrincipals: readonly SimulatedServicePrincipal[];
  /** Active, permanent assignments. */
  readonly globalAdministratorIds: readonly string[];
  /** Eligible through PIM; undefined: no P2 license, so Graph returns AadPremiumLicenseRequired. */
  readonly eligibleGlobalAdministratorIds?: readonly string[];
  /** Active, permanent assignments of other roles, by template id. @default none */
  readonly otherRoles?: readonly SimulatedRole[] | undefined;
}

export interface SimulatedRole {
  readonly roleDefinitionId: string;
  readonly principalIds: readonly string[];
}

export interface SimulatedTenant {
  readonly tenantId: string;
  readonly displayName: string;
  /** Default domain, for example `fabrikam.example`. */
  readonly domain: string;
  /** Verified as well. @default none */
  readonly otherDomains?: readonly string[] | undefined;
  /** If false, the unified audit log was never switched on, and `start` returns "Tenant … does not exist". */
  readonly auditingEnabled: boolean;
  /** If false, no one has consented to the application yet, so it has no service principal and no roles. @default true */
  readonly consented?: boolean | undefined;
  readonly records: readonly SimulatedRecord[];
  /** Texts of records that only the search of the audit log finds, because the feed never had them. @default none */
  readonly searchOnly?: readonly string[] | undefined;
  /** Records that are delivered twice have the same text each time, not another key order. @default false */
  readonly exactCopies?: boolean | undefined;
  readonly directory: SimulatedDirectory;
  /** Everything is healthy unless specified. */
  readonly exchange?: SimulatedExchange | undefined;
}
