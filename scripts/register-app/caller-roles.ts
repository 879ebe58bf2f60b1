/** The app roles that give callers scopes of Auditkeep, and the scope that gives people tokens. */
import { scopes, type Scope } from '../../shared/access/api-keys.ts';

const texts: Readonly<Record<Scope, readonly [displayName: string, description: string]>> = {
  'records.read': ['Read records', 'Read audit records, exports, ingestion and posture.'],
  'records.import': ['Import records', 'Import audit records that were exported elsewhere.'],
  'tenants.manage': ['Manage tenants', 'Onboard and offboard tenants.'],
  'tenants.purge': ['Purge tenants', 'Delete everything that was collected from a tenant.'],
  'auditing.enable': ['Enable auditing', 'Enable auditing in a tenant.'],
  'keys.manage': ['Manage keys', 'Create, rotate and revoke client keys.'],
  'access.read': ['Read the access log', 'Read who called Auditkeep, and with what result.'],
};

export const callerRoles = scopes.map((scope) => {
  const [displayName, description] = texts[scope];
  /** As in tokens: `records.read` is `Records.Read`. */
  const value = scope.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return { value, displayName, description };
});

/** Grants nothing: only roles do. Without any scope Entra issues people no token for the API. */
export const signInScope = {
  value: 'access_as_user',
  type: 'User',
  adminConsentDisplayName: 'Sign in to Auditkeep',
  adminConsentDescription: 'Call Auditkeep as the signed-in user, with the roles that the user was given.',
  userConsentDisplayName: 'Sign in to Auditkeep',
  userConsentDescription: 'Call Auditkeep as you, with the roles that you were given.',
} as const;
