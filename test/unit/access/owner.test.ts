import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { callerWith } from '../../../shared/access/caller.ts';
import { ownerOfSet, sharedSpace } from '../../../shared/access/owner.ts';
import { canonicalSet } from '../../../shared/access/tenant-set.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const ownerFor = (tenants: string, id = 'one') =>
  sharedSpace(callerWith(id, { tenants, scopes: ['records.read'] })).owner;

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

  it('is that of the tenants that the caller may read, and a caller who reads none has nothing to share', () => {
    const caller = {
      id: 'x',
      grants: [
        { tenants: '*', scopes: ['records.read'] },
        { tenants: 'tag:gold', scopes: ['auditing.enable'] },
      ],
    } as const;
    expect(sharedSpace(caller).owner).toBe(ownerOfSet('*'));
    const blind = callerWith('y', { tenants: '*', scopes: ['auditing.enable'] });
    expect(() => sharedSpace(blind)).toThrow('records.read');
  });
});
