/** Settings that the Functions host reads and the app does not: they are documented here, not in the schema. */

export interface HostSetting {
  readonly name: string;
  readonly description: string;
  /** Where it has to be set: by the infrastructure, or on a developer's machine only. */
  readonly where: 'Azure' | 'local';
}

export const hostSettings: readonly HostSetting[] = [
  {
    name: 'AzureWebJobsStorage__credential',
    description: '`managedidentity`: the host, too, opens storage by identity.',
    where: 'Azure',
  },
  {
    name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
    description: 'Which identity the host sends its own telemetry with: `ClientId=...;Authorization=AAD`.',
    where: 'Azure',
  },
  {
    name: 'FUNCTIONS_WORKER_RUNTIME',
    description: '`node`, for Core Tools. Flex Consumption knows it itself and refuses the setting.',
    where: 'local',
  },
];
