import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listRecordsOfSearch } from '../../../shared/api/searches.ts';
import { searchParameters, withAdditions } from '../../../shared/searches/search-query.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import type { ApiRequest } from '../../support/trigger-api.ts';
import { createTriggerWorld } from '../../support/trigger-world.ts';

async function createSearches(tenants = '*') {
  const world = await createTriggerWorld();
  const { text: key } = await world.createKey(tenants);
  const call = (path: string, request: ApiRequest = {}) =>
    world.call(`tenants/${fabrikamId}/searches${path}`, { key, ...request });
  const put = (name: string, filters: object = {}, headers: Record<string, string> = {}) =>
    call(`/${name}`, { method: 'PUT', body: { filters }, headers });
  return { ...world, call, put };
}

describe('a saved search', () => {
  it('names everything that can be added to it when something else is', () => {
    const { query, notHere } = listRecordsOfSearch;
    const advice = notHere['users'] ?? '';
    const additions = Object.keys(query.shape).filter((name) => name !== 'skiptoken');
    expect(additions).toContain('orderby');
    for (const name of additions) expect(advice).toMatch(new RegExp(`only .*\\b${name}\\b`));
  });

  it('is created, read, listed, replaced and deleted', async () => {
    const { call, put } = await createSearches();
    const made = await put('Inbox.rules', { operations: ['New-InboxRule'], users: 'anna@fabrikam.example' });
    expect(made).toMatchObject({ status: 201, json: { name: 'Inbox.rules' } });
    expect(made.headers.get('location')).toMatch(/\/searches\/Inbox\.rules$/);
    expect((await put('inbox.rules', { users: 'x' })).status).toBe(200);
    const read = await call('/INBOX.RULES');
    expect(read).toMatchObject({ status: 200, json: { name: 'inbox.rules', filters: { users: ['x'] } } });
    expect(await call('')).toMatchObject({ json: { value: [{ name: 'inbox.rules' }] } });
    const known = { 'if-none-match': read.headers.get('etag') ?? '' };
    expect((await call('/inbox.rules', { headers: known })).status).toBe(304);
    expect((await call('/inbox.rules', { method: 'DELETE' })).status).toBe(204);
    expect((await call('/inbox.rules', { method: 'DELETE' })).status).toBe(204);
    expect((await call('/inbox.rules')).status).toBe(404);
  });

  it('is not saved for a tenant that is being removed', async () => {
    const { call, put, tenants } = await createSearches();
    await tenants.update(fabrikamId, { state: 'Removing' });
    const refused = { status: 409, json: { error: { code: 'TenantBeingRemoved' } } };
    expect(await put('a')).toMatchObject(refused);
    expect(await call('')).toMatchObject({ json: { value: [] } });
  });

  it('is changed conditionally only if conditions are sent', async () => {
    const { call, put } = await createSearches();
    const etag = (await put('a', {}, { 'if-none-match': '*' })).headers.get('etag') ?? '';
    expect((await put('a', {}, { 'if-none-match': '*' })).status).toBe(412);
    const next = await put('a', { users: 'x' }, { 'if-match': etag });
    expect(next.status).toBe(200);
    expect((await put('a', { users: 'y' }, { 'if-match': etag })).status).toBe(412);
    expect((await put('none', {}, { 'if-match': '*' })).status).toBe(412);
    expect((await call('/a', { method: 'DELETE', headers: { 'if-match': etag } })).status).toBe(412);
    const current = next.headers.get('etag') ?? '';
    expect((await call('/a', { method: 'DELETE', headers: { 'if-match': current } })).status).toBe(204);
    expect((await call('/a', { method: 'DELETE', headers: { 'if-match': current } })).status).toBe(412);
  });

  it.each(['a%20b', 'a%2Fb', '.hidden', '-x', 'ü', 'a'.repeat(65), '%00'])(
    'is never named %s',
    async (name) => {
      const { put } = await createSearches();
      expect(await put(name)).toMatchObject({ status: 400, json: { error: { target: 'name' } } });
    },
  );

  it.each([
    [{ bogus: 'x' }, 'bogus'],
    [{ from: 'yesterday' }, 'from'],
    [{ top: '5' }, 'top'],
    [{ clientIp: ['192.0.2.0/99'] }, 'clientIp'],
  ])('with unknown filters is refused: %j', async (filters, target) => {
    const { put } = await createSearches();
    expect(await put('a', filters)).toMatchObject({ status: 400, json: { error: { target } } });
  });

  it('is queried like the list, with the filters that the caller adds', async () => {
    const { call, put } = await createSearches();
    const filters = { users: ['anna@fabrikam.example', 'x'], from: '2026-03-01' };
    await put('a', filters);
    const query = 'top=5&to=2026-03-02';
    expect(await call(`/a/records?${query}`)).toMatchObject({ status: 200, json: { value: [] } });
    expect(withAdditions(filters, new URLSearchParams(query)).toString()).toBe(
      'users=anna%40fabrikam.example&users=x&from=2026-03-01&top=5&to=2026-03-02',
    );
    const versioned = new URLSearchParams('api-version=2026-11-01');
    expect(withAdditions(filters, versioned).get('api-version')).toBe('2026-11-01');
    expect((await call(`/a/records?${versioned.toString()}`)).status).toBe(200);
    expect((await call('/a/records?users=other')).status).toBe(400);
    expect((await call('/a/records?from=2026-01-01')).status).toBe(400);
  });

  it('does not exist for callers without access to the tenant', async () => {
    const { call, put } = await createSearches(adatumId);
    expect([(await put('a')).status, (await call('')).status, (await call('/a')).status]).toEqual([
      404, 404, 404,
    ]);
  });

  it('passes every saved filter to the list unchanged', () => {
    const names = fc.constantFrom('users', 'operations', 'objectId', 'text');
    const values = fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1 }));
    fc.assert(
      fc.property(fc.dictionary(names, values), (filters) => {
        const parameters = searchParameters(filters);
        for (const [name, value] of Object.entries(filters)) {
          expect(parameters.getAll(name)).toEqual([value].flat());
        }
      }),
    );
  });
});
