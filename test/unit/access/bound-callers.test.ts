import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAccess, type Access } from '../../../shared/access/access.ts';
import { scopes, type Scope } from '../../../shared/access/api-keys.ts';
import {
  callerWith,
  holds,
  seesAll,
  within,
  type Caller,
  type Grant,
} from '../../../shared/access/caller.ts';
import { callerOfToken } from '../../../shared/access/entra-token.ts';
import { namedSet } from '../../../shared/access/open-set.ts';
import { setNamed, tenantsIn } from '../../../shared/access/open-tenants.ts';
import { canonicalSet, contains } from '../../../shared/access/tenant-set.ts';
import { RequestError } from '../../../shared/errors.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createClock } from '../../support/clock.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults } from '../../support/faults.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';

const contosoId = '2b9f6c1e-7d34-4a58-9e02-8c5b1f7a6d43';
const absentId = '3c1f7a52-8b6d-4e90-b7c4-5d2a9e8f1063';
const tenants = [
  tenantNamed('Fabrikam', { tenantId: fabrikamId, tags: ['emea', 'gold'], domain: 'fabrikam.example' }),
  tenantNamed('Adatum', { tenantId: adatumId, tags: ['gold'], domain: 'adatum.example' }),
  tenantNamed('Contoso', { tenantId: contosoId, domain: 'contoso.example' }),
];

function createWorld() {
  const store = createFakeTenantStore(tenants);
  const faults = createFaults();
  const access = createAccess({
    ...plainAccess,
    keys: createFakeApiKeyStore(),
    tenants: faults.inject('tenants', store),
    telemetry: createRecordingTelemetry().telemetry,
    now: createClock().now,
  });
  return { access, store, steps: faults.steps };
}

const bound = (set: string, held: readonly Scope[] = ['records.read']): Caller =>
  callerWith('0123456789abcdef', { tenants: set, scopes: held });

/** What the caller gets, or how it is refused. */
const outcomeOf = async (work: Promise<unknown>): Promise<unknown> =>
  await work.catch((error: unknown) => {
    if (!(error instanceof RequestError)) throw error;
    return { status: error.status, code: error.code, message: error.message };
  });

const idsIn = async (access: Access, caller: Caller, ...terms: readonly string[]) =>
  (await tenantsIn(access, caller, terms, 'records.read')).map(({ tenantId }) => tenantId);

describe('a caller that is bound to a set', () => {
  it.each([
    ['a tag', 'tag:gold', [fabrikamId, adatumId]],
    ['a list', canonicalSet([fabrikamId, contosoId]), [fabrikamId, contosoId]],
    ['a list with a tag', canonicalSet([contosoId, 'tag:emea']), [fabrikamId, contosoId]],
    ['a tag without tenants', 'tag:none', []],
  ])('by %s sees its tenants, by ID, domain, and asterisk, and no other', async (_, set, seen) => {
    const { access } = createWorld();
    const caller = bound(set);
    expect(new Set(await idsIn(access, caller, '*'))).toEqual(new Set(seen));
    for (const { tenantId, domain = '' } of tenants) {
      for (const name of [tenantId, tenantId.toUpperCase(), domain]) {
        const outcome = await outcomeOf(access.openTenant(caller, name, 'records.read'));
        if (seen.includes(tenantId)) expect(outcome).toMatchObject({ tenantId });
        else expect(outcome).toEqual(await outcomeOf(access.openTenant(caller, absentId, 'records.read')));
      }
    }
  });

  it('gains and loses tenants as they gain and lose the tag', async () => {
    const { access, store } = createWorld();
    const caller = bound('tag:emea');
    expect(await outcomeOf(access.openTenant(caller, contosoId, 'records.read'))).toMatchObject({
      status: 404,
    });
    await store.update(contosoId, { tags: ['emea'] });
    await store.update(fabrikamId, { tags: [] });
    expect(await idsIn(access, caller, '*')).toEqual([contosoId]);
    expect(await outcomeOf(access.openTenant(caller, contosoId, 'records.read'))).toMatchObject({
      tenantId: contosoId,
    });
  });

  it("causes the same reads for a tenant of others, also a cached one, and for one that doesn't exist", async () => {
    const { access, steps } = createWorld();
    await access.openTenant(bound('*'), contosoId, 'records.read');
    const readsFor = async (name: string) => {
      const before = steps.length;
      await outcomeOf(access.openTenant(bound('tag:gold'), name, 'records.read'));
      return steps.slice(before).map(String);
    };
    const [others, absent] = [await readsFor(contosoId), await readsFor(absentId)];
    expect(others).toEqual(absent);
    // The list is cached from here on.
    await readsFor('absent.example');
    const [othersDomain, absentDomain] = [
      await readsFor('contoso.example'),
      await readsFor('absent.example'),
    ];
    expect(othersDomain).toEqual(absentDomain);
  });

  it('does not have scopes for all tenants', () => {
    const { access } = createWorld();
    for (const set of ['tag:gold', canonicalSet([fabrikamId, adatumId])]) {
      const require = () => {
        access.requireAllTenants(bound(set, scopes), 'tenants.manage');
      };
      expect(require).toThrow(RequestError);
    }
  });
});

describe('a set that a request names', () => {
  it('is a text with the IDs of those named and the tags, and opens those named', async () => {
    const { access } = createWorld();
    const caller = bound('*');
    const set = await setNamed(access, caller, ['Contoso.example', 'TAG:Gold', contosoId], 'records.read');
    expect(set).toBe(`${contosoId},tag:gold`);
    expect(access.openedBy(caller).tenantIds).toEqual([contosoId]);
  });

  it('of thousands of tenants that are opened one by one adds to those that were opened before', () => {
    const { access } = createWorld();
    const caller = bound('*');
    const ids = Array.from({ length: 5000 }, (_, at) => `tenant-${at}`);
    for (const id of ids) access.open(caller, [id, contosoId]);
    expect(access.openedBy(caller).tenantIds.toSorted()).toEqual([...ids, contosoId].toSorted());
    expect(access.openedBy(bound('*'))).toEqual({ tenantIds: [], files: [] });
  });

  it('has the tenants that have the tag now', async () => {
    const { access, store } = createWorld();
    expect(await idsIn(access, bound('*'), 'tag:emea')).toEqual([fabrikamId]);
    await store.update(contosoId, { tags: ['emea'] });
    expect(new Set(await idsIn(access, bound('*'), 'tag:emea'))).toEqual(new Set([contosoId, fabrikamId]));
  });

  it('never has a tenant that is hidden from the caller', async () => {
    const { access } = createWorld();
    expect(await idsIn(access, bound('tag:emea'), 'tag:gold')).toEqual([fabrikamId]);
    expect(await idsIn(access, bound(contosoId), '*')).toEqual([contosoId]);
  });

  it('is refused for a tag of the tenants of others as for one that no tenant has', async () => {
    const { access } = createWorld();
    const refusalOf = async (tag: string) =>
      JSON.stringify(await outcomeOf(tenantsIn(access, bound(contosoId), [`tag:${tag}`], 'records.read')));
    expect(await refusalOf('gold')).toContain('404');
    expect((await refusalOf('gold')).replace('gold', 'none')).toBe(await refusalOf('none'));
  });

  it('is refused if it has no tenants: an empty answer would look as if nothing had happened', async () => {
    const { access } = createWorld();
    for (const terms of [['*'], ['tag:none', '*']]) {
      const outcome = await outcomeOf(namedSet(access, bound('tag:none'), terms).open());
      expect(outcome).toMatchObject({ status: 404, code: 'TenantNotFound' });
    }
  });

  it('is refused for a tag that cannot exist', async () => {
    const { access } = createWorld();
    for (const term of ['tag:', 'tag:a b', 'tag:x:y']) {
      const outcome = await outcomeOf(tenantsIn(access, bound('*'), [term], 'records.read'));
      expect(outcome).toMatchObject({ status: 400, code: 'InvalidParameter' });
    }
  });

  it('costs one read of the list for tags, and one for each tenant by ID', async () => {
    const { access, steps } = createWorld();
    await idsIn(access, bound('*'), 'tag:gold', 'tag:emea');
    expect(steps).toHaveLength(1);
    await idsIn(access, bound('*'), contosoId);
    expect(steps).toHaveLength(2);
  });
});

describe('roles of Microsoft Entra ID', () => {
  const publisherId = absentId;
  const objectId = 'object-1';
  const callerOf = (roles: readonly string[], tenantId = publisherId) =>
    callerOfToken({ tenantId, objectId, roles, identity: { kind: 'EntraUser' } }, publisherId);

  it('hold for all tenants, or for those with the tag after the @', () => {
    expect(callerOf(['Records.Read', 'Auditing.Enable@Gold', 'Tenants.Manage@gold']).grants).toEqual([
      { tenants: '*', scopes: ['records.read'] },
      { tenants: 'tag:gold', scopes: ['tenants.manage', 'auditing.enable'] },
    ]);
  });

  it('are ignored if their tag cannot exist', () => {
    for (const role of [
      'Records.Read@',
      'Records.Read@a b',
      'Records.Read@a@b',
      'Records.Read@a,b',
      'Other@gold',
    ])
      expect(callerOf([role]).grants).toEqual([{ tenants: publisherId, scopes: [] }]);
  });

  it('for tags mean nothing in the tokens of customers', () => {
    expect(callerOf(['Records.Read@gold', 'Access.Read'], fabrikamId).grants).toEqual([
      { tenants: fabrikamId, scopes: ['access.read'] },
    ]);
  });

  it('for one set open nothing in another one', async () => {
    const { access } = createWorld();
    const caller = callerOf(['Records.Read@gold', 'Tenants.Manage@emea']);
    await access.openTenant(caller, adatumId, 'records.read');
    await access.openTenant(caller, fabrikamId, 'tenants.manage');
    const refused = await outcomeOf(access.openTenant(caller, adatumId, 'tenants.manage'));
    expect(refused).toMatchObject({ status: 403, code: 'Forbidden' });
    expect(within(caller, tenants[1] ?? { tenantId: '' }).grants).toEqual([
      { tenants: adatumId, scopes: ['records.read'] },
    ]);
  });
});

it('has no caller that holds a scope in a tenant without a grant for both', () => {
  const set = fc.constantFrom('*', 'tag:gold', 'tag:emea', fabrikamId, canonicalSet([adatumId, 'tag:emea']));
  const grant: fc.Arbitrary<Grant> = fc.record({ tenants: set, scopes: fc.subarray([...scopes]) });
  fc.assert(
    fc.property(
      fc.array(grant, { maxLength: 4 }),
      fc.constantFrom(...scopes),
      fc.constantFrom(...tenants),
      (grants, scope, tenant) => {
        const caller = { id: 'x', grants };
        const expected = grants.some((each) => each.scopes.includes(scope) && contains(each.tenants, tenant));
        expect(holds(caller, scope, tenant)).toBe(expected);
        expect(holds(within(caller, tenant), scope)).toBe(expected);
        if (seesAll(caller, scope)) expect(expected).toBe(true);
      },
    ),
  );
});
