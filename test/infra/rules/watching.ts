/** Everything is logged, and the logs cost no more than intended. */
import { ofType, type Snapshot } from '../snapshot.ts';
import { expectCount, expectMembers, type Finding, type Rule } from './finding.ts';

/** What is logged, by the end of the resource's path. */
const watched: readonly (readonly [resource: RegExp, logs: readonly string[]])[] = [
  [/\/blobServices\/default$/, ['StorageWrite', 'StorageDelete']],
  [/\/queueServices\/default$/, ['StorageWrite', 'StorageDelete']],
  [/\/tableServices\/default$/, ['StorageWrite', 'StorageDelete']],
  [/\/Microsoft\.KeyVault\/vaults\/[^/]+$/, ['audit']],
  [/\/Microsoft\.Web\/sites\/[^/]+$/, ['FunctionAppLogs']],
];

const suffix = /\/providers\/Microsoft\.Insights\/diagnosticSettings\/[^/]+$/;

export const diagnostics: Rule = (snapshot) =>
  watched.flatMap(([resource, logs]) => {
    const told = logsOf(snapshot, resource);
    return logs
      .filter((log) => !told.includes(log))
      .map((log): Finding => ({ where: resource.source, what: `${log} is not logged` }));
  });

function logsOf(snapshot: Snapshot, resource: RegExp): readonly string[] {
  return ofType(snapshot, 'Microsoft.Insights/diagnosticSettings')
    .filter(({ id }) => resource.test(id.replace(suffix, '')))
    .flatMap(({ properties }) => [...JSON.stringify(properties).matchAll(/"category(?:Group)?":"(\w+)"/g)])
    .map(([, category = '']) => category);
}

export const telemetry: Rule = (snapshot) => {
  const workspaces = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces');
  const components = ofType(snapshot, 'Microsoft.Insights/components');
  return [
    ...expectCount('workspace', workspaces, 1),
    ...expectMembers(workspaces, { 'properties.features.disableLocalAuth': true }),
    ...workspaces
      .filter(({ properties }) => !/"dailyQuotaGb":[1-9]/.test(JSON.stringify(properties)))
      .map(({ name }) => ({ where: name, what: 'takes telemetry without a daily cap' })),
    ...expectCount('component', components, 1),
    ...expectMembers(components, {
      'properties.DisableLocalAuth': true,
      'properties.WorkspaceResourceId': workspaces[0]?.id,
    }),
  ];
};

export const vault: Rule = (snapshot) => {
  const vaults = ofType(snapshot, 'Microsoft.KeyVault/vaults');
  return [
    ...expectCount('vault', vaults, 1),
    ...expectMembers(vaults, {
      'properties.enableRbacAuthorization': true,
      'properties.enableSoftDelete': true,
      'properties.enablePurgeProtection': true,
    }),
  ];
};
