/** Microsoft's own services, which open mailboxes in the course of their work. */

/** Accounts of Microsoft's data centers, and the well-known SIDs of services of a computer. */
const account =
  /^(?:NT (?:AUTHORITY|SERVICE)\\|(?:S-1-5-(?:18|19|20)|Microsoft\\ServiceOperator|SHAREPOINT\\system|Certificate)$)/i;

/** UserIds of applications that act for themselves, and of no one. */
const noPerson =
  /^(?:|not available|unknown|none|null|<null>|serviceprincipal(?:_.*)?|application|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i;

/**
 * Applications of Microsoft that read mailboxes on their own: Exchange Online, SharePoint Online, Search, Teams.
 * @see https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
const applications: ReadonlySet<string> = new Set([
  '00000002-0000-0ff1-ce00-000000000000',
  '00000003-0000-0ff1-ce00-000000000000',
  '66a88757-258c-4c72-893c-3e8bed4d6899',
  'cc15fd57-2c6c-4117-a88c-83b1d56b4bbe',
]);

/**
 * Whether a service of Microsoft did it. People who use an application of Microsoft are people.
 * @param applicationIds of the record
 */
export function isMicrosoftService(userId: string, applicationIds: readonly string[]): boolean {
  const name = userId.trim();
  if (account.test(name)) return true;
  return noPerson.test(name) && applicationIds.some((id) => applications.has(id.trim().toLowerCase()));
}
