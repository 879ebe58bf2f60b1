/** Settings that the Functions host reads and the app does not, so they are documented here rather than in the schema. */

export interface HostSetting {
  readonly name: string;
  readonly description: string;
  /** Where it is set: by the infrastructure, or only on a developer's machine. */
  readonly where: 'Azure' | 'local';
}

export const hostSettings: readonly HostSetting[] = [
  {
    name: 'AzureWebJobsStorage__credential',
    description: '`managedidentity`: the host also accesses storage with the identity.',
    where: 'Azure',
  },
  {
    name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
    description:
      'The identity with which the host sends its own telemetry: `ClientId=...;Authorization=AAD`.',
    where: 'Azure',
  },
  {
    name: 'FUNCTIONS_WORKER_RUNTIME',
    description:
      '`node`, for Core Tools. Flex Consumption already knows the runtime and rejects the setting.',
    where: 'local',
  },
];
