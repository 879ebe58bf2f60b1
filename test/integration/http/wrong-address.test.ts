/** What no operation is registered for is refused in our own words, by the app on a host. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOperations } from '../../../shared/api/all.ts';
import { methodsOf, pathNames } from '../../../shared/api/operation.ts';
import { wrongAddress } from '../../../shared/http/wrong-address.ts';
import { startWholeApp, type WholeApp } from '../access/whole-app.ts';

let app: WholeApp;

beforeAll(async () => {
  app = await startWholeApp();
});

afterAll(() => app.stop());

async function ask(path: string, method = 'GET', headers = {}) {
  const response = await fetch(`${app.baseUrl}${path}`, { method, headers });
  const { status } = response;
  return { status, headers: Object.fromEntries(response.headers), text: await response.text() };
}

const refusal = (code: string, message: unknown) => ({ error: { code, message } });

describe('an unknown path', () => {
  it.each(['', '/', '/nothing', '/nothing/', '/tenants/a/b/c/d', '/%E0%A4%A'])('%s', async (path) => {
    const { status, headers, text } = await ask(path);
    expect([status, JSON.parse(text)]).toEqual([404, refusal('PathNotFound', expect.any(String))]);
    expect(headers['x-ms-request-id']).toMatch(/^[\da-f-]{36}$/);
    expect(headers).toMatchObject({
      'x-ms-error-code': 'PathNotFound',
      'cache-control': 'no-store',
      'strict-transport-security': 'max-age=31536000',
    });
  });

  it('is a problem for callers who accept problems', async () => {
    const { headers, text } = await ask('/nothing', 'GET', { accept: 'application/problem+json' });
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({ title: 'Not Found', status: 404, code: 'PathNotFound' });
  });
});

describe('a known path', () => {
  const routes = [...new Set(allOperations().map(({ route }) => route))];

  it.each(routes)('/%s has the methods of its operations, and no others', async (route) => {
    const path = pathNames(route).reduce((named, name) => named.replace(`{${name}}`, 'x'), `/${route}`);
    const declared = allOperations()
      .filter((one) => one.route === route)
      .flatMap(methodsOf)
      .map(String);
    const allow = wrongAddress.methods
      .filter((one) => one === 'OPTIONS' || declared.includes(one))
      .join(', ');
    for (const method of wrongAddress.methods.filter((one) => !declared.includes(one))) {
      const { status, headers, text } = await ask(path, method);
      expect([method, status, headers['allow']]).toEqual([method, method === 'OPTIONS' ? 204 : 405, allow]);
      expect(text === '').toBe(method === 'OPTIONS' || method === 'HEAD');
      if (text !== '') expect(text).toContain('"MethodNotAllowed"');
    }
    // It does not shadow the operations.
    for (const method of declared) {
      const { status, text } = await ask(path, method);
      expect([405, 204]).not.toContain(status);
      expect(text).not.toContain('"PathNotFound"');
    }
  });
});
