/** The APIs for which the sign-in service issues tokens, and their application roles. */

/** Hosts of the Office 365 Management Activity API: worldwide, GCC, GCC High, DoD. */
export const activityAudiences: readonly string[] = [
  'https://manage.office.com',
  'https://manage-gcc.office.com',
  'https://manage.office365.us',
  'https://manage.protection.apps.mil',
];

export const graphAudience = 'https://graph.microsoft.com';
export const partnerCenterAudience = 'https://api.partnercenter.microsoft.com';
export const vaultAudience = 'https://vault.azure.net';
export const exchangeAudience = 'https://outlook.office365.com';

/** Returns the resource of a `<resource>/.default` scope, or undefined for any other scope. */
export const resourceOfScope = (scope: string): string | undefined =>
  /^(?<resource>\S+?)\/?\/\.default$/.exec(scope)?.groups?.['resource'];

/** Returns those granted roles that exist at the resource, or undefined if the resource is unknown. */
export const rolesAt = (resource: string, granted: readonly string[]): readonly string[] | undefined => {
  if (activityAudiences.includes(resource)) {
    return granted.filter((role) => /^(?:ActivityFeed|ServiceHealth)\./.test(role));
  }
  if (resource === exchangeAudience) return granted.filter((role) => role.startsWith('Exchange.'));
  if (resource !== graphAudience) return undefined;
  return granted.filter((role) => !/^(?:ActivityFeed|ServiceHealth|Exchange)\./.test(role));
};
