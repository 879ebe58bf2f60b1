import { callerWith } from '../../../shared/access/caller.ts';
import { describe, expect, it } from 'vitest';
import { withTenantId } from '../../../shared/http/tenant-address.ts';
import type { ApiRequest } from '../../../shared/http/request.ts';
import { fabrikamId } from '../../support/tenants.ts';

const caller = callerWith('flow', { tenants: '*', scopes: [] });
const access = {
  tenantIdOf: (_caller: object, name: string) =>
    Promise.resolve(
      name === 'fabrikam.example' || name.toLowerCase() === fabrikamId ? fabrikamId : undefined,
    ),
};

async function addressed(route: string, path: string, tenantId?: string): Promise<ApiRequest> {
  const url = `https://auditkeep.example/api/${path}`;
  const params = { ...(tenantId === undefined ? {} : { tenantId }), name: 'n' };
  const [headers, query] = [new Headers(), new URL(url).searchParams];
  const request = { method: 'GET', url, headers, query, params, body: null };
  return await withTenantId(access, { route }, { request, caller });
}

const records = 'tenants/{tenantId}/records';

describe('an address with a domain', () => {
  it.each([
    ['tenants/{tenantId}', 'tenants/fabrikam.example', `tenants/${fabrikamId}`],
    [records, 'tenants/fabrikam.example/records/', `tenants/${fabrikamId}/records`],
    [
      records,
      'tenants/fabrikam.example/records?users=a/fabrikam.example?b',
      `tenants/${fabrikamId}/records?users=a/fabrikam.example?b`,
    ],
  ])('of %s becomes that with the ID: %s', async (route, path, wanted) => {
    const { url, params } = await addressed(route, path, 'fabrikam.example');
    expect([url, params['tenantId'], params['name']]).toEqual([
      `https://auditkeep.example/api/${wanted}`,
      fabrikamId,
      'n',
    ]);
  });

  it.each([
    [records, `tenants/${fabrikamId.toUpperCase()}/records`, fabrikamId.toUpperCase()],
    [records, 'tenants/adatum.example/records', 'adatum.example'],
    ['records', 'records', undefined],
  ])('stays as it is where there is nothing to replace: %s, %s', async (route, path, tenantId) => {
    const { url, params } = await addressed(route, path, tenantId);
    expect([url, params['tenantId']]).toEqual([`https://auditkeep.example/api/${path}`, tenantId]);
  });
});
