/** The first word of every command line. */
import type { Define } from './context.ts';

/** Help of a command, under the heading of its readers. */
export const headings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Tenants:': { tenant: 'onboard, enable, check, list and remove tenants' },
  'Operations:': {
    poison: 'show, resend or delete messages that failed too often',
    reindex: 'rebuild the index of a tenant from its raw blobs',
  },
  'Deployment:': {
    'register-app': 'create or complete the app registration',
    package: 'create the archive to deploy',
    key: "create the first client key, or print a webhook's secret",
    cost: 'estimate what a deployment costs a month',
  },
  'Development:': {
    connector: 'write the Power Automate connector',
    'infra-check': 'check the Bicep files, and what they deploy',
    licenses: 'check the licenses of the packages that ship',
    sbom: 'write the bill of materials of the packages that ship',
  },
};

/** Loads a command's definition. */
export const loaders: Readonly<Record<string, () => Promise<Define>>> = {
  tenant: async () => (await import('../tenant/command.ts')).defineTenant,
  poison: async () => (await import('../poison/command.ts')).definePoison,
  reindex: async () => (await import('../reindex/command.ts')).defineReindex,
  'register-app': async () => (await import('../register-app/command.ts')).defineRegisterApp,
  package: async () => (await import('../package/command.ts')).definePackage,
  key: async () => (await import('../key/command.ts')).defineKey,
  cost: async () => (await import('../cost/command.ts')).defineCost,
  connector: async () => (await import('../connector/command.ts')).defineConnector,
  'infra-check': async () => (await import('../infra-check/command.ts')).defineInfraCheck,
  licenses: async () => (await import('../licenses/command.ts')).defineLicenses,
  sbom: async () => (await import('../licenses/command.ts')).defineSbom,
};
