/** The storage account opens to identities only, over good TLS, and forgives deletions for a week. */
import { listAt, ofType, shortName, valueAt, type Snapshot } from '../snapshot.ts';
import { expectCount, expectMembers, type Finding, type Rule } from './finding.ts';

const type = 'Microsoft.Storage/storageAccounts';

export const storageAccount: Rule = (snapshot) => [
  ...expectCount(type, ofType(snapshot, type), 1),
  ...expectMembers(ofType(snapshot, type), {
    'properties.allowSharedKeyAccess': false,
    'properties.defaultToOAuthAuthentication': true,
    'properties.allowBlobPublicAccess': false,
    'properties.allowCrossTenantReplication': false,
    'properties.supportsHttpsTrafficOnly': true,
    'properties.minimumTlsVersion': 'TLS1_2',
  }),
];

export const closedContainers: Rule = (snapshot) =>
  expectMembers(ofType(snapshot, `${type}/blobServices/containers`), { 'properties.publicAccess': 'None' });

export const softDelete: Rule = (snapshot) => [
  ...expectCount('blob service', ofType(snapshot, `${type}/blobServices`), 1),
  ...expectMembers(ofType(snapshot, `${type}/blobServices`), {
    'properties.deleteRetentionPolicy.enabled': true,
    'properties.deleteRetentionPolicy.days': 7,
    'properties.containerDeleteRetentionPolicy.enabled': true,
    'properties.containerDeleteRetentionPolicy.days': 7,
  }),
];

/** Of all containers, these alone expire: nothing that was collected does. */
export const lifecycle: Rule = (snapshot) => {
  const rules = ofType(snapshot, `${type}/managementPolicies`).flatMap((policy) =>
    listAt(policy, 'properties.policy.rules'),
  );
  const prefixes = rules.map((rule) => valueAt(rule, 'definition.filters.prefixMatch'));
  return JSON.stringify(prefixes) === JSON.stringify([['exports/'], ['uploads/']])
    ? []
    : [
        {
          where: 'lifecycle',
          what: `deletes ${JSON.stringify(prefixes)} instead of exports/ and uploads/ alone`,
        },
      ];
};

/** With a network, the account is reachable only there, with all its services. */
export const isolation: Rule = (snapshot) => {
  if (ofType(snapshot, 'Microsoft.Network/virtualNetworks').length === 0) return [];
  return [
    ...expectMembers(ofType(snapshot, type), {
      'properties.publicNetworkAccess': 'Disabled',
      'properties.networkAcls.defaultAction': 'Deny',
    }),
    ...expectMembers(ofType(snapshot, 'Microsoft.KeyVault/vaults'), {
      'properties.networkAcls.defaultAction': 'Deny',
    }),
    ...['blob', 'queue', 'table', 'vault'].flatMap((service) => withoutEndpoint(snapshot, service)),
  ];
};

function withoutEndpoint(snapshot: Snapshot, service: string): readonly Finding[] {
  const endpoints = ofType(snapshot, 'Microsoft.Network/privateEndpoints').map(shortName);
  const groups = ofType(snapshot, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups');
  const named = groups.some(({ name }) => name.includes(`-${service}/`));
  return endpoints.some((name) => name.endsWith(`-${service}`)) && named
    ? []
    : [{ where: service, what: 'has no private endpoint with a name in the network' }];
}
