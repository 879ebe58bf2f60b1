/** The first word of every command line. */
import type { Define } from './context.ts';

/** The command's help, and its module. */
type Entry = readonly [summary: string, load: () => Promise<{ readonly define: Define }>];

/** Commands by name, under the headings of their readers. */
export const commands: Readonly<Record<string, Readonly<Record<string, Entry>>>> = {
  'Tenants:': {
    tenant: ['Onboards, enables, checks, lists and removes tenants.', () => import('../tenant/command.ts')],
  },
  'Operations:': {
    poison: ['Shows, resends or deletes failed messages.', () => import('../poison/command.ts')],
    reindex: ['Rebuilds the index of a tenant from its raw blobs.', () => import('../reindex/command.ts')],
    verify: ['Compares everything that is stored of a tenant.', () => import('../verify/command.ts')],
  },
  'Deployment:': {
    'register-app': ['Creates the app registration.', () => import('../register-app/command.ts')],
    package: ['Creates the archive to deploy.', () => import('../package/command.ts')],
    key: ["Creates the first client key, or prints a webhook's secret.", () => import('../key/command.ts')],
    cost: ['Estimates what a deployment costs a month.', () => import('../cost/command.ts')],
  },
  'Development:': {
    connector: ['Writes the Power Automate connector.', () => import('../connector/command.ts')],
    'infra-check': ['Checks the Bicep files.', () => import('../infra-check/command.ts')],
    licenses: ['Checks the licenses of the packages that ship.', () => import('../licenses/command.ts')],
    sbom: [
      'Writes the bill of materials of the packages that ship.',
      async () => ({ define: (await import('../licenses/command.ts')).defineSbom }),
    ],
  },
};
