/** What the console says about client keys. */
import type { AnswerTo } from '../api/paths.ts';
import type { Tone } from '../parts/tone.ts';

export type Key = AnswerTo<'ListKeys'>['value'][number];
export type Scope = Key['scopes'][number];

export const scopeTexts: Readonly<Record<Scope, string>> = {
  'records.read': 'Read records, ingestion, and posture',
  'records.import': 'Import records that were exported elsewhere',
  'tenants.manage': 'Manage tenants',
  'tenants.purge': 'Delete what was collected',
  'auditing.enable': 'Turn auditing on',
  'keys.manage': 'Manage client keys',
  'access.read': 'Read the access log',
};

export const scopes: readonly Scope[] = [
  'records.read',
  'records.import',
  'tenants.manage',
  'tenants.purge',
  'auditing.enable',
  'keys.manage',
  'access.read',
];

const ofAllTenants: readonly Scope[] = ['keys.manage', 'tenants.purge'];

/** Those that a key for these tenants can use. @param tenants as the API takes it: an asterisk is all */
export function usefulScopes(tenants: string): readonly Scope[] {
  return tenants === '*' ? scopes : scopes.filter((scope) => !ofAllTenants.includes(scope));
}

export const statusTones: Readonly<Record<Key['status'], Tone>> = {
  Live: 'good',
  Expired: 'neutral',
  Revoked: 'neutral',
};
