/** The first word of every command line. */
import type { Define } from './context.ts';

/** The command's help, and its module. */
type Entry = readonly [summary: string, load: () => Promise<{ readonly define: Define }>];

/** Commands by name, under the headings of their readers. */
export const commands: Readonly<Record<string, Readonly<Record<string, Entry>>>> = {
  'Tenants:': {
    tenant: ['onboard, enable, check, list and remove tenants', () => import('../tenant/command.ts')],
  },
  'Operations:': {
    poison: ['show, resend or delete messages that failed too often', () => import('../poison/command.ts')],
    reindex: ['rebuild the index of a tenant from its raw blobs', () => import('../reindex/command.ts')],
  },
  'Deployment:': {
    'register-app': ['create or complete the app registration', () => import('../register-app/command.ts')],
    package: ['create the archive to deploy', () => import('../package/command.ts')],
    key: ["create the first client key, or print a webhook's secret", () => import('../key/command.ts')],
    cost: ['estimate what a deployment costs a month', () => import('../cost/command.ts')],
  },
  'Development:': {
    connector: ['write the Power Automate connector', () => import('../connector/command.ts')],
    'infra-check': ['check the Bicep files, and what they deploy', () => import('../infra-check/command.ts')],
    licenses: ['check the licenses of the packages that ship', () => import('../licenses/command.ts')],
    sbom: [
      'write the bill of materials of the packages that ship',
      async () => ({ define: (await import('../licenses/command.ts')).defineSbom }),
    ],
  },
};
