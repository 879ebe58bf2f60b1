/** Watches, made up. */
import { randomUUID } from 'node:crypto';
import type { Watch } from '../../../shared/detection/watch.ts';

const at = new Date(Date.UTC(2026, 2, 2, 8));

/** Of all tenants and the whole pack, with a suppression in a tenant of its own. */
export function watchOf(more: Partial<Watch> = {}): Watch {
  const suppression = {
    suppressionId: randomUUID(),
    tenantId: randomUUID(),
    member: 'clientIp',
    values: ['192.0.2.0/24'],
    reason: 'Our scanner: ü',
    endDateTime: at,
    createdBy: 'key',
    createdDateTime: at,
  };
  return {
    watchId: randomUUID(),
    displayName: 'Rules',
    source: { kind: 'pack', ruleIds: ['*'] },
    tenants: '*',
    enabled: true,
    suppressions: [suppression],
    createdBy: 'key',
    createdDateTime: at,
    ...more,
  };
}
