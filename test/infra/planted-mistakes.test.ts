import { describe, expect, it } from 'vitest';
import { alertMistakes, type Mistake } from './alert-mistakes.ts';
import { addLike, addOutput, remove, set, type Target } from './plant.ts';
import { rules } from './rules/all-rules.ts';
import { loadSnapshot } from './snapshot.ts';

const storage = 'Microsoft.Storage/storageAccounts';
const account: Target = { type: storage };
const site: Target = { type: 'Microsoft.Web/sites' };
const settings: Target = { type: 'Microsoft.Web/sites/config', name: '/appsettings' };
const raw: Target = { type: `${storage}/blobServices/containers`, name: '/raw' };
const workQueue: Target = { type: `${storage}/queueServices/queues`, name: '/raw-blobs' };
const poisonQueue: Target = { type: `${storage}/queueServices/queues`, name: '/raw-blobs-poison' };
const table: Target = { type: `${storage}/tableServices/tables`, name: '/Ledger' };
const assignment: Target = { type: 'Microsoft.Authorization/roleAssignments' };
const vault: Target = { type: 'Microsoft.KeyVault/vaults' };
const workspace: Target = { type: 'Microsoft.OperationalInsights/workspaces' };
const component: Target = { type: 'Microsoft.Insights/components' };

const owner = '/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const flexConfig = 'properties.functionAppConfig';
const keySetting = 'properties.AUDITKEEP_SIGNING_KEY';

const mistakes: readonly Mistake[] = [
  ['a missing queue', 'queues', remove(workQueue)],
  ['a missing poison queue', 'queues', remove(poisonQueue)],
  ['a queue that nothing reads', 'queues', addLike(workQueue, 'leftovers')],
  ['a missing container', 'containers', remove(raw)],
  ['a missing table', 'tables', remove(table)],
  ['a table that nothing writes', 'tables', addLike(table, 'Leftovers')],
  ['keys that open storage', 'storageAccount', set(account, 'properties.allowSharedKeyAccess', true)],
  ['TLS 1.0 to storage', 'storageAccount', set(account, 'properties.minimumTlsVersion', 'TLS1_0')],
  ['plain HTTP to storage', 'storageAccount', set(account, 'properties.supportsHttpsTrafficOnly', false)],
  ['copies to other tenants', 'storageAccount', set(account, 'properties.allowCrossTenantReplication', true)],
  ['an account that may be public', 'storageAccount', set(account, 'properties.allowBlobPublicAccess', true)],
  ['a public container', 'closedContainers', set(raw, 'properties.publicAccess', 'Blob')],
  [
    'deletion for good',
    'softDelete',
    set({ type: `${storage}/blobServices` }, 'properties.deleteRetentionPolicy.enabled', false),
  ],
  [
    'raw blobs that expire',
    'lifecycle',
    set({ type: `${storage}/managementPolicies` }, 'properties.policy.rules', [
      { definition: { filters: { prefixMatch: ['exports/', 'raw/'] } } },
    ]),
  ],
  ['a plan that runs always', 'plan', set({ type: 'Microsoft.Web/serverfarms' }, 'sku.name', 'EP1')],
  ['HTTP allowed', 'site', set(site, 'properties.httpsOnly', false)],
  ['TLS 1.0 to the app', 'site', set(site, 'properties.siteConfig.minTlsVersion', '1.0')],
  ['more memory than needed', 'site', set(site, `${flexConfig}.scaleAndConcurrency.instanceMemoryMB`, 2048)],
  [
    'an instance that is always ready',
    'site',
    set(site, `${flexConfig}.scaleAndConcurrency.alwaysReady`, [{ name: 'http', instanceCount: 1 }]),
  ],
  [
    'a package opened by key',
    'site',
    set(site, `${flexConfig}.deployment.storage.authentication.type`, 'StorageAccountConnectionString'),
  ],
  ['Node 20', 'nodeVersion', set(site, `${flexConfig}.runtime.version`, '20')],
  [
    'passwords for deployment',
    'noPasswords',
    set({ type: `${site.type}/basicPublishingCredentialsPolicies`, name: '/scm' }, 'properties.allow', true),
  ],
  ['a forbidden setting', 'flexSettings', set(settings, 'properties.FUNCTIONS_WORKER_RUNTIME', 'node')],
  ['a forbidden family', 'flexSettings', set(settings, 'properties.WEBSITE_CONTENTSHARE', 'auditkeep')],
  [
    'a member of siteConfig that Flex refuses',
    'flexSettings',
    set(site, 'properties.siteConfig.alwaysOn', true),
  ],
  ['a role too wide', 'roles', set(assignment, 'properties.roleDefinitionId', owner)],
  [
    'a role too far up',
    'roles',
    set(assignment, 'id', "[resourceId('Microsoft.Authorization/roleAssignments', 'a')]"),
  ],
  ['a role for another principal', 'roles', set(assignment, 'properties.principalId', 'a-person')],
  ['a role without its kind of principal', 'roles', set(assignment, 'properties.principalType', 'User')],
  ['a role too many', 'roles', addLike(assignment, 'more', { properties: { roleDefinitionId: owner } })],
  [
    'a package that the app can replace',
    'roles',
    set(
      { ...assignment, name: "'2a2b9908-6ea1-4ae2-8e65-a410df84e7d1')]" },
      'properties.roleDefinitionId',
      '/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    ),
  ],
  [
    'writes of keys that are not logged',
    'diagnostics',
    (snapshot) => ({
      ...snapshot,
      predictedResources: snapshot.predictedResources.filter(
        ({ id }) => !id.includes('/tableServices/default/providers/'),
      ),
    }),
  ],
  ['a role missing', 'roles', remove({ ...assignment, name: "'4633458b-17de-408a-b874-0445c86b69e6')]" })],
  [
    'a second identity',
    'oneIdentity',
    addLike({ type: 'Microsoft.ManagedIdentity/userAssignedIdentities' }, 'other'),
  ],
  [
    'a key that is read',
    'noKeys',
    set(settings, keySetting, "[listKeys('stauditkeep', '2026-06-01').keys[0].value]"),
  ],
  [
    'a connection string',
    'noKeys',
    set(
      settings,
      'properties.AzureWebJobsStorage',
      'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b',
    ),
  ],
  [
    'a secret in the outputs',
    'outputs',
    addOutput('signingKey', "[reference('vault').outputs.signingKey.value]"),
  ],
  [
    'a secret under a harmless name',
    'outputs',
    addOutput('apiUrl', "[reference('v').outputs.signingKey.value]"),
  ],
  [
    'a secret in a setting',
    'secretsByReference',
    set(settings, keySetting, 'bm90IGEgcmVhbCBrZXkgYnV0IGxvbmcgZW5vdWdo'),
  ],
  [
    'another connection string',
    'secretsByReference',
    set(settings, 'properties.APPLICATIONINSIGHTS_CONNECTION_STRING', 'IngestionEndpoint=https://a.example'),
  ],
  [
    'deletions that are not logged',
    'diagnostics',
    set({ type: 'Microsoft.Insights/diagnosticSettings' }, 'properties.logs', []),
  ],
  ['telemetry without a cap', 'telemetry', set(workspace, 'properties.workspaceCapping.dailyQuotaGb', -1)],
  ['a workspace opened by key', 'telemetry', set(workspace, 'properties.features.disableLocalAuth', false)],
  ['telemetry written by key', 'telemetry', set(component, 'properties.DisableLocalAuth', false)],
  ['a vault that can be purged', 'vault', set(vault, 'properties.enablePurgeProtection', undefined)],
  ['a vault with access policies', 'vault', set(vault, 'properties.enableRbacAuthorization', false)],
  ['a setting that is never read', 'settings', set(settings, 'properties.AUDITKEEP_COLOR', 'blue')],
  ['a setting that is missing', 'settings', set(settings, 'properties', {})],
  ...alertMistakes,
];

const isolatedMistakes: readonly Mistake[] = [
  ['storage open to the internet', 'isolation', set(account, 'properties.publicNetworkAccess', 'Enabled')],
  ['a vault open to the internet', 'isolation', set(vault, 'properties.networkAcls.defaultAction', 'Allow')],
  [
    'tables without a private endpoint',
    'isolation',
    remove({ type: 'Microsoft.Network/privateEndpoints', name: '-table' }),
  ],
  [
    'queues whose name leads to the internet',
    'isolation',
    remove({ type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups', name: '-queue/default' }),
  ],
];

describe('a mistake in the infrastructure is found:', () => {
  const standard = loadSnapshot('standard');
  const isolated = loadSnapshot('isolated');

  it.each(mistakes)('%s, by the rule %s', (_, rule, plant) => {
    expect(rules[rule](plant(standard))).not.toEqual([]);
  });

  it.each(isolatedMistakes)('%s, by the rule %s', (_, rule, plant) => {
    expect(rules[rule](plant(isolated))).not.toEqual([]);
  });

  it('and every rule has one', () => {
    const planted = new Set<string>([...mistakes, ...isolatedMistakes].map(([, rule]) => rule));
    expect(Object.keys(rules).filter((rule) => !planted.has(rule))).toEqual([]);
  });
});
