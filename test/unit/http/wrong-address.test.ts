/** What no operation is registered for: refused from the routes alone. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAccess } from '../../../shared/access/access.ts';
import { allOperations } from '../../../shared/api/all.ts';
import { functionName } from '../../../shared/api/operation.ts';
import { answerWrongAddress, wrongAddress } from '../../../shared/http/wrong-address.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { createFakeApiKeyStore } from '../../support/fakes/api-key-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { adatumId, tenantNamed } from '../../support/tenants.ts';

const answerSchema = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  jsonBody: z.object({ error: z.object({ code: z.string(), message: z.string() }) }).optional(),
});

function createWorld(failuresPerMinute = 1_000_000) {
  const clock = createClock();
  const tenants = createFakeTenantStore([tenantNamed('Adatum', { tenantId: adatumId })]);
  const access = createAccess({
    ...{ ...plainAccess, keys: createFakeApiKeyStore(), tenants, telemetry: () => undefined, now: clock.now },
    limits: { ...plainAccess.limits, failuresPerMinute },
  });
  const answer = answerWrongAddress({ access, telemetry: () => undefined }, allOperations());
  const ask = async (path: string, { method = 'GET', from = '192.0.2.1' } = {}) => {
    const url = `https://auditkeep.example/api/${path}`;
    const request = new HttpRequest({ method, url, headers: { 'x-forwarded-for': from } });
    const context = new InvocationContext({ functionName: wrongAddress.name, logHandler: () => undefined });
    return answerSchema.parse(await answer(request, context));
  };
  return { clock, ask };
}

const messageOf = async (path: string) => (await createWorld().ask(path)).jsonBody?.error.message;

describe('its function', () => {
  it('comes last among all functions by name, because hosts try them in that order', () => {
    const names = allOperations().map((operation) => functionName(operation));
    expect(names.filter((name) => name >= wrongAddress.name)).toEqual([]);
  });

  it('is not described', () => {
    expect(allOperations().filter(({ route }) => route.includes('*'))).toEqual([]);
  });
});

describe('a path that nothing answers', () => {
  it.each([
    ['tenant', '/tenants?'],
    ['Tenant/contoso', '/tenants/{tenantId}?'],
    [`tenant/${adatumId}/record`, '/tenants/{tenantId}/records?'],
    [`tenants/${adatumId}/recrods`, '/tenants/{tenantId}/records?'],
    [`tenants/${adatumId}/record-feed`, '/tenants/{tenantId}/records-feed?'],
    [`tenants/${adatumId}/content-types`, '/tenants/{tenantId}/contentTypes?'],
    ['record', '/records?'],
    ['openapi.jsn', '/openapi.json?'],
    ['accesslog', '/access-log?'],
  ])('%s was meant as %s', async (path, meant) => {
    expect(await messageOf(path)).toContain(`Did you mean ${meant}`);
  });

  it.each(['', 'v1/tenants', 'nothing', `tenants/${adatumId}/nothing`])(
    '%s has no such path',
    async (path) => {
      expect(await messageOf(path)).toBe('No operation has this path. GET /docs shows all operations.');
    },
  );

  it('gets the same answer whether or not the tenant exists', async () => {
    const absent = 'd3b07384-d113-4956-a1f2-6d0e1b2c3d4e';
    for (const [rest, method] of [
      ['/nothing', 'GET'],
      ['/records', 'DELETE'],
      ['', 'PATCH'],
    ] as const) {
      const { ask } = createWorld();
      const [one, other] = [adatumId, absent].map(async (id) => {
        const { headers, ...answer } = await ask(`tenants/${id}${rest}`, { method });
        return { ...answer, headers: { ...headers, 'x-ms-request-id': '' } };
      });
      expect(await one).toEqual(await other);
    }
  });

  it('repeats nothing of what was sent', async () => {
    expect(await messageOf('tenant/secret-thing?x=secret-thing')).not.toContain('secret');
  });
});

describe('an address that sends many of them', () => {
  it('is refused with Retry-After; others are not', async () => {
    const { ask, clock } = createWorld(2);
    const statuses = [];
    for (let call = 0; call < 3; call++) statuses.push((await ask('nothing')).status);
    expect(statuses).toEqual([404, 404, 429]);
    expect((await ask('nothing')).headers['retry-after']).toBe('30');
    expect((await ask('tenants', { method: 'PATCH' })).status).toBe(429);
    expect((await ask('nothing', { from: '192.0.2.2' })).status).toBe(404);
    clock.advance(minuteMs);
    expect((await ask('nothing')).status).toBe(404);
  });
});
