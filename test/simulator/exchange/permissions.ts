/** Which directory roles of the application's service principal allow which cmdlets. */

const exchangeAdministrator = '29232cdf-9323-42fd-ade2-1d097af3e4de';
const complianceAdministrator = '17315797-102d-40b4-93e0-432062caca18';
const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';
const globalReader = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451';
const securityReader = '5d6b6bb7-de71-4623-b4af-96380a352509';

const everything = /^/;

const openedBy: ReadonlyMap<string, RegExp> = new Map([
  [exchangeAdministrator, everything],
  [complianceAdministrator, everything],
  [globalAdministrator, everything],
  [globalReader, /^Get-/],
  [securityReader, /^Get-AdminAuditLogConfig$/],
]);

/** @param roles template IDs of directory roles */
export const mayRun = (cmdlet: string, roles: readonly string[]): boolean =>
  roles.some((role) => openedBy.get(role.toLowerCase())?.test(cmdlet) === true);
