/** The Function App is one that Flex Consumption starts, and that is reachable over HTTPS only. */
import { appSettings, membersAt, ofType } from '../snapshot.ts';
import { expectCount, expectMembers, type Finding, type Rule } from './finding.ts';

const type = 'Microsoft.Web/sites';

/** Flex Consumption refuses or ignores them; a whole family where it ends in *. */
const forbiddenSettings = [
  'AzureWebJobsStorage',
  'ENABLE_ORYX_BUILD',
  'FUNCTIONS_EXTENSION_VERSION',
  'FUNCTIONS_MAX_HTTP_CONCURRENCY',
  'FUNCTIONS_WORKER_PROCESS_COUNT',
  'FUNCTIONS_WORKER_RUNTIME',
  'FUNCTIONS_WORKER_RUNTIME_VERSION',
  'SCM_DO_BUILD_DURING_DEPLOYMENT',
  'WEBSITE_CONTENT*',
  'WEBSITE_DNS_SERVER',
  'WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT',
  'WEBSITE_NODE_DEFAULT_VERSION',
  'WEBSITE_RUN_FROM_PACKAGE',
  'WEBSITE_TIME_ZONE',
  'WEBSITE_VNET_ROUTE_ALL',
];

const forbiddenSiteConfig = [
  'alwaysOn',
  'ftpsState',
  'functionAppScaleLimit',
  'healthCheckPath',
  'linuxFxVersion',
  'netFrameworkVersion',
  'preWarmedInstanceCount',
  'use32BitWorkerProcess',
  'vnetRouteAllEnabled',
];

export const plan: Rule = (snapshot) => [
  ...expectCount('plan', ofType(snapshot, 'Microsoft.Web/serverfarms'), 1),
  ...expectMembers(ofType(snapshot, 'Microsoft.Web/serverfarms'), {
    'sku.name': 'FC1',
    'sku.tier': 'FlexConsumption',
    'properties.reserved': true,
  }),
];

export const site: Rule = (snapshot) => [
  ...expectCount('site', ofType(snapshot, type), 1),
  ...expectMembers(ofType(snapshot, type), {
    'properties.httpsOnly': true,
    'properties.clientCertEnabled': false,
    'properties.siteConfig.minTlsVersion': '1.2',
    'properties.siteConfig.scmMinTlsVersion': '1.2',
    'identity.type': 'UserAssigned',
    'properties.functionAppConfig.runtime.name': 'node',
    'properties.functionAppConfig.deployment.storage.type': 'blobContainer',
    'properties.functionAppConfig.deployment.storage.authentication.type': 'UserAssignedIdentity',
    'properties.functionAppConfig.scaleAndConcurrency.instanceMemoryMB': 512,
    'properties.functionAppConfig.scaleAndConcurrency.alwaysReady': undefined,
  }),
];

/** Azure takes any other without a word, and the app then never starts. */
export const nodeVersion: Rule = (snapshot) =>
  ofType(snapshot, type).flatMap((one): readonly Finding[] => {
    const { version } = membersAt(one, 'properties.functionAppConfig.runtime');
    return version === '22' || version === '24'
      ? []
      : [{ where: 'runtime', what: `Node ${JSON.stringify(version)} is neither 22 nor 24` }];
  });

export const noPasswords: Rule = (snapshot) => {
  const policies = ofType(snapshot, `${type}/basicPublishingCredentialsPolicies`);
  return [
    ...expectCount('publishing policies (scm and ftp)', policies, 2),
    ...expectMembers(policies, { 'properties.allow': false }),
  ];
};

export const flexSettings: Rule = (snapshot) => [
  ...Object.keys(appSettings(snapshot))
    .filter(isForbidden)
    .map((where) => ({ where, what: 'is a setting Flex Consumption refuses or ignores' })),
  ...ofType(snapshot, type)
    .flatMap((one) => Object.keys(membersAt(one, 'properties.siteConfig')))
    .filter((member) => forbiddenSiteConfig.includes(member))
    .map((member) => ({ where: `siteConfig.${member}`, what: 'is invalid on Flex Consumption' })),
];

function isForbidden(name: string): boolean {
  return forbiddenSettings.some((forbidden) =>
    forbidden.endsWith('*') ? name.startsWith(forbidden.slice(0, -1)) : name === forbidden,
  );
}
