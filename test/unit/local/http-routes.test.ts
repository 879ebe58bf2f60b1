/** The local host finds functions as the real one does, whose source says how. */
import { describe, expect, it } from 'vitest';
import type { HttpFunction } from '../../local/host/function-app.ts';
import { createRouter } from '../../local/host/http-routes.ts';

function functionAt(name: string, route: string): HttpFunction {
  const trigger: HttpFunction['trigger'] = {
    type: 'httpTrigger',
    route,
    methods: ['GET'],
    authLevel: 'anonymous',
  };
  return {
    name,
    trigger,
    bindingName: 'trigger',
    metadata: { name, bindings: {} },
    callback: () => undefined,
  };
}

describe('without a prefix', () => {
  const routes = createRouter(
    [
      functionAt('console', 'console/{*path}'),
      functionAt('get-tenant', 'api/tenants/{tenantId}'),
      functionAt('start-page', '{nothing:length(0)?}'),
      functionAt('wrong-address', 'api/{*path}'),
    ],
    '',
  );

  it.each([
    ['/', 'start-page'],
    ['/console', 'console'],
    ['/console/tenants/1', 'console'],
    ['/api/tenants/1', 'get-tenant'],
    ['/api', 'wrong-address'],
    ['/api/nothing', 'wrong-address'],
    ['/nothing', undefined],
    ['/consoles', undefined],
  ])('%s belongs to %s', (path, name) => {
    expect(routes('GET', path)?.target.name).toBe(name);
  });
});
