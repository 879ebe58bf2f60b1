/** The identity of the app holds the roles its code needs, each where it is needed, and no other. */
import { ofType, type Resource, type Snapshot } from '../snapshot.ts';
import { compareNames, expectCount, expectMembers, type Rule } from './finding.ts';

const storageAccount = 'Microsoft.Storage/storageAccounts';

/** By the type of the one resource it is on. Ids: Azure's built-in roles. */
const neededRoles: readonly (readonly [role: string, id: string, on: string])[] = [
  // Blobs, and leases, keys and the package of the host.
  ['Storage Blob Data Owner', 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', storageAccount],
  // Sends, receives, puts back, and makes poison queues.
  ['Storage Queue Data Contributor', '974c5e8b-45b9-4653-ba55-5f855dd0fb88', storageAccount],
  // Rows, and tables of tenants.
  ['Storage Table Data Contributor', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', storageAccount],
  // Events and metrics, as local authentication is off.
  ['Monitoring Metrics Publisher', '3913510d-42f4-4e42-8a64-420c390055eb', 'Microsoft.Insights/components'],
  // Settings that refer to the vault.
  ['Key Vault Secrets User', '4633458b-17de-408a-b874-0445c86b69e6', 'Microsoft.KeyVault/vaults'],
];

export const roles: Rule = (snapshot) => {
  const assignments = ofType(snapshot, 'Microsoft.Authorization/roleAssignments');
  return [
    ...compareNames(
      'role',
      neededRoles.map(([, id, on]) => `${id} on ${onlyOne(snapshot, on)}`),
      assignments.map((assignment) => `${roleOf(assignment)} on ${scopeOf(assignment)}`),
    ),
    ...expectMembers(assignments, { 'properties.principalType': 'ServicePrincipal' }),
    ...assignments.flatMap(({ name, properties }) =>
      name.startsWith('[guid(') && isPrincipal(properties['principalId'])
        ? []
        : [{ where: name, what: 'is not named by guid(), or not for the identity of the app' }],
    ),
  ];
};

export const oneIdentity: Rule = (snapshot) =>
  expectCount('identity', ofType(snapshot, 'Microsoft.ManagedIdentity/userAssignedIdentities'), 1);

function onlyOne(snapshot: Snapshot, type: string): string {
  return ofType(snapshot, type)[0]?.id ?? type;
}

function roleOf({ properties }: Resource): string {
  return String(properties['roleDefinitionId']).split('/').at(-1) ?? '';
}

/** The full path of what the role is on. */
function scopeOf({ id }: Resource): string {
  return /^\[extensionResourceId\('([^']+)'/.exec(id)?.[1] ?? 'the resource group';
}

function isPrincipal(value: unknown): boolean {
  return /'identity-\{0\}'.*\.outputs\.principalId\.value\]$/.test(String(value));
}
