import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { callerWith } from '../../../shared/access/caller.ts';
import { ownerOf, ownerOfSet } from '../../../shared/access/owner.ts';
import { canonicalSet } from '../../../shared/access/tenant-set.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const ownerFor = (tenants: string, id = 'one') =>
  ownerOf(callerWith(id, { tenants, scopes: ['records.read'] }), 'records.read');

describe('the owner of things of several tenants', () => {
  it('is the same for all callers with the scope for the same tenants, and for no others', () => {
    const sets = [
      '*',
      fabrikamId,
      'tag:gold',
      `${fabrikamId},tag:gold`,
      canonicalSet([adatumId, fabrikamId]),
    ];
    const owners = sets.map((set) => ownerFor(set));
    expect(new Set(owners).size).toBe(sets.length);
    expect(sets.map((set) => ownerFor(set, 'another'))).toEqual(owners);
    expect(owners).toEqual(sets.map(ownerOfSet));
  });

  it('has the form of an ID, but of none that a tenant has', () => {
    for (const set of ['*', 'tag:gold', fabrikamId]) {
      expect(z.uuid({ version: 'v8' }).safeParse(ownerOfSet(set)).success).toBe(true);
      expect(ownerOfSet(set)).not.toBe(set);
    }
  });

  it('is the one of the tenants in which the caller has the scope', () => {
    const caller = {
      id: 'x',
      grants: [
        { tenants: '*', scopes: ['records.read'] },
        { tenants: 'tag:gold', scopes: ['auditing.enable'] },
      ],
    } as const;
    expect(ownerOf(caller, 'records.read')).toBe(ownerOfSet('*'));
    expect(ownerOf(caller, 'auditing.enable')).toBe(ownerOfSet('tag:gold'));
    expect(ownerOf(caller, 'keys.manage')).toBeUndefined();
  });
});
