/** The identity of the app holds the roles its code needs, each where it is needed, and no other. */
import { containerNames } from '../../../shared/adapters/blobs/container-names.ts';
import { ofType, type Resource, type Snapshot } from '../snapshot.ts';
import { compareNames, expectCount, expectMembers, type Rule } from './finding.ts';

const storageAccount = 'Microsoft.Storage/storageAccounts';
const container = `${storageAccount}/blobServices/containers`;

interface NeededRole {
  readonly name: string;
  /** Azure's built-in role. */
  readonly id: string;
  /** The type of the one resource it is on. */
  readonly on: string;
  /** Ends of names, where there are several of the type. */
  readonly named?: readonly string[];
  /** The package with which the code does what takes this role; undefined where the platform does it. */
  readonly usedThrough: string | undefined;
}

export const neededRoles: readonly NeededRole[] = [
  {
    // What the app stores.
    ...{ name: 'Storage Blob Data Contributor', id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' },
    ...{ on: container, named: containerNames, usedThrough: '@azure/storage-blob' },
  },
  {
    // Leases and keys of the host.
    ...{ name: 'Storage Blob Data Owner', id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' },
    ...{ on: container, named: ['azure-webjobs-hosts', 'azure-webjobs-secrets'], usedThrough: undefined },
  },
  {
    // The package that the app runs from, which it must not be able to replace.
    ...{ name: 'Storage Blob Data Reader', id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' },
    ...{ on: container, named: ['app-package'], usedThrough: undefined },
  },
  {
    // Sends, receives, puts back, and makes poison queues.
    ...{ name: 'Storage Queue Data Contributor', id: '974c5e8b-45b9-4653-ba55-5f855dd0fb88' },
    ...{ on: storageAccount, usedThrough: '@azure/storage-queue' },
  },
  {
    // Rows, and tables of tenants.
    ...{ name: 'Storage Table Data Contributor', id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' },
    ...{ on: storageAccount, usedThrough: '@azure/data-tables' },
  },
  {
    // Events and metrics, as local authentication is off.
    ...{ name: 'Monitoring Metrics Publisher', id: '3913510d-42f4-4e42-8a64-420c390055eb' },
    ...{ on: 'Microsoft.Insights/components', usedThrough: '@azure/monitor-opentelemetry-exporter' },
  },
  {
    // Settings that refer to the vault.
    ...{ name: 'Key Vault Secrets User', id: '4633458b-17de-408a-b874-0445c86b69e6' },
    ...{ on: 'Microsoft.KeyVault/vaults', usedThrough: undefined },
  },
];

export const roles: Rule = (snapshot) => {
  const assignments = ofType(snapshot, 'Microsoft.Authorization/roleAssignments');
  return [
    ...compareNames(
      'role',
      neededRoles.flatMap((needed) => placesOf(snapshot, needed).map((place) => `${needed.id} on ${place}`)),
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

function placesOf(snapshot: Snapshot, { on, named }: NeededRole): readonly string[] {
  if (named === undefined) return [onlyOne(snapshot, on)];
  return named.map((name) => ofType(snapshot, on).find(({ id }) => id.endsWith(`/${name}`))?.id ?? name);
}

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
