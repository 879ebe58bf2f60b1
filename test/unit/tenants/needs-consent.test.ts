import type { TenantCheck } from '../../../shared/tenants/tenant.ts';
import { describe, expect, it } from 'vitest';
import { needsConsent } from '../../../shared/tenants/consent.ts';
import { tenantNamed } from '../../support/tenants.ts';

const check = (name: string, state: TenantCheck['state']): TenantCheck => ({
  ...{ name, state },
  checkedDateTime: '2026-05-04T09:00:00.000Z',
});

describe('needing consent', () => {
  it.each([
    ['a tenant that waits for it', 'PendingConsent', [], true],
    ['an active tenant that lacks nothing', 'Active', [check('consent', 'Passed')], false],
    ['one that removed the application', 'Active', [check('consent', 'Failed')], true],
    ['one that lacks a permission', 'Active', [check('permission:ActivityFeed.Read', 'Failed')], true],
    ['one that could not be checked', 'Active', [check('consent', 'NotChecked')], false],
    ['one whose feed is not on yet', 'Active', [check('subscription:Audit.General', 'Failed')], false],
  ] as const)('of %s', (_tenant, state, checks, expected) => {
    expect(needsConsent(tenantNamed('Fabrikam', { state, checks }))).toBe(expected);
  });
});
