/** What the simulator knows of one Microsoft 365 tenant: its feed and its directory. */

import type { SimulatedExchange } from './exchange/exchange-schema.ts';

/** The five content types of the Office 365 Management Activity API. */
export type FeedContentType =
  'Audit.AzureActiveDirectory' | 'Audit.Exchange' | 'Audit.SharePoint' | 'Audit.General' | 'DLP.All';

/** One audit record as the feed will deliver it. */
export interface SimulatedRecord {
  readonly contentType: FeedContentType;
  /** The exact JSON text of the record; it is put into content blobs untouched. */
  readonly text: string;
  /** When the record becomes available to the feed; its content blob's contentCreated is not earlier. */
  readonly availableAt: Date;
}

export interface SimulatedUser {
  /** Directory object id, a GUID. */
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
}

export interface SimulatedGroup {
  readonly id: string;
  readonly displayName: string;
  /** Ids of members: users or other groups. */
  readonly memberIds: readonly string[];
}

export interface SimulatedServicePrincipal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
}

/** Who holds Global Administrator (directory object ids of users, groups and service principals). */
export interface SimulatedDirectory {
  readonly users: readonly SimulatedUser[];
  readonly groups: readonly SimulatedGroup[];
  readonly servicePrincipals: readonly SimulatedServicePrincipal[];
  /** Active, permanent assignments. */
  readonly globalAdministratorIds: readonly string[];
  /** Eligible through PIM; undefined = no P2 licence, Graph answers AadPremiumLicenseRequired. */
  readonly eligibleGlobalAdministratorIds?: readonly string[];
}

export interface SimulatedTenant {
  readonly tenantId: string;
  readonly displayName: string;
  /** Default domain, e.g. `fabrikam.example`. */
  readonly domain: string;
  /** False: the unified audit log was never switched on, `start` answers "Tenant … does not exist". */
  readonly auditingEnabled: boolean;
  /** False: nobody has consented to the application yet, so it has no service principal and no roles. @default true */
  readonly consented?: boolean | undefined;
  readonly records: readonly SimulatedRecord[];
  readonly directory: SimulatedDirectory;
  /** Everything healthy unless it says otherwise. */
  readonly exchange?: SimulatedExchange | undefined;
}
