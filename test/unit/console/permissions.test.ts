/** What the console offers its users. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needs, refusalFor, type Access, type Action } from '../../../console/session/permissions.ts';
import { scopes } from '../../../shared/access/api-keys.ts';
import { holds, seesAll } from '../../../shared/access/caller.ts';
import { canonicalSet } from '../../../shared/access/tenant-set.ts';
import { allOperations } from '../../../shared/api/all.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const actions = Object.keys(needs) as Action[];
const grantOf = (tenants: string, ...held: Access[number]['scopes']): Access => [{ tenants, scopes: held }];
const fabrikam = { tenantId: fabrikamId, tags: ['gold'] };

describe('what actions need', () => {
  it.each(actions)('%s needs what the API declares', (action) => {
    const declared = allOperations().find(({ id }) => id === action)?.audience;
    const audience = typeof declared === 'object' ? declared : undefined;
    expect({ allTenants: undefined, ...needs[action] }).toEqual({
      scope: audience?.scope,
      allTenants: audience?.allTenants,
    });
  });
});

describe('a caller', () => {
  it('learns which scope is missing, and for what', () => {
    const access = grantOf('tag:gold', 'records.read', 'tenants.manage');
    expect(refusalFor(access, 'StartEnablement', fabrikam)).toBe(
      'This needs the scope auditing.enable, which your sign-in does not have for this tenant.',
    );
    expect(refusalFor(access, 'ListAccessLog')).toBe(
      'This needs the scope access.read, which your sign-in does not have.',
    );
    expect(refusalFor(access, 'RegisterTenant')).toBe(
      'This needs the scope tenants.manage for all tenants, which your sign-in does not have.',
    );
  });

  it('is refused nothing before it is known what it may do', () => {
    expect(refusalFor(undefined, 'ListKeys')).toBeUndefined();
    const byTag = grantOf('tag:gold', 'tenants.manage');
    expect(refusalFor(byTag, 'CheckTenant', { tenantId: fabrikamId, tags: undefined })).toBeUndefined();
  });

  it('is offered exactly what the API would not refuse for a lack of scopes', () => {
    const term = fc.constantFrom('*', fabrikamId, adatumId, 'tag:gold', 'tag:silver');
    const grant = fc.record({
      tenants: fc.uniqueArray(term, { minLength: 1 }).map(canonicalSet),
      scopes: fc.subarray([...scopes]),
    });
    fc.assert(
      fc.property(
        fc.array(grant, { maxLength: 3 }),
        fc.constantFrom(...actions),
        fc.option(fc.constantFrom(fabrikam, { tenantId: adatumId, tags: [] }), { nil: undefined }),
        (grants, action, tenant) => {
          const need: { scope: (typeof scopes)[number]; allTenants?: true } = needs[action];
          const isAllowed =
            need.allTenants === true
              ? seesAll({ id: 'k', grants }, need.scope)
              : holds({ id: 'k', grants }, need.scope, tenant);
          expect(refusalFor(grants, action, tenant) === undefined).toBe(isAllowed);
        },
      ),
    );
  });
});
