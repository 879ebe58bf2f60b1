/** The app roles by which callers get scopes of Auditkeep, and the way to a token for people. */
import { scopes, type Scope } from '../../shared/access/api-keys.ts';

interface CallerRole {
  /** As it stands in tokens: {@link Scope}, with capitals. */
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
}

const texts: Readonly<Record<Scope, readonly [displayName: string, description: string]>> = {
  'records.read': ['Read records', 'Read audit records, exports, ingestion and posture.'],
  'tenants.manage': ['Manage tenants', 'Take tenants into care and let them go.'],
  'auditing.enable': ['Enable auditing', 'Switch auditing on in a tenant.'],
  'keys.manage': ['Manage keys', 'Make, rotate and revoke client keys.'],
  'access.read': ['Read the access log', 'Read who called Auditkeep and how it ended.'],
};

export const callerRoles: readonly CallerRole[] = scopes.map((scope) => {
  const [displayName, description] = texts[scope];
  return { value: withCapitals(scope), displayName, description };
});

/** `records.read` is `Records.Read`. */
function withCapitals(scope: Scope): string {
  return scope.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/** Opens nothing: roles alone count. Without any scope Entra gives people no token for the API. */
export const signInScope = {
  value: 'access_as_user',
  type: 'User',
  adminConsentDisplayName: 'Sign in to Auditkeep',
  adminConsentDescription: 'Call Auditkeep as the signed-in user, with the roles that the user was given.',
  userConsentDisplayName: 'Sign in to Auditkeep',
  userConsentDescription: 'Call Auditkeep as you, with the roles that you were given.',
} as const;
