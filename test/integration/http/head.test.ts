/** HEAD is GET without its body, for every operation, on a host that does not derive it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allOperations } from '../../../shared/api/all.ts';
import { pathNames } from '../../../shared/api/operation.ts';
import { startWholeApp, type WholeApp } from '../access/whole-app.ts';

let app: WholeApp;

beforeAll(async () => {
  app = await startWholeApp();
});

afterAll(() => app.stop());

const routes = allOperations().flatMap(({ method, route }) => (method === 'GET' ? [route] : []));

/** Those that differ from one call to the next. */
const changing = ['date', 'x-ms-request-id', 'transfer-encoding', 'connection', 'keep-alive'];

function fixedHeaders(response: Response): Readonly<Record<string, string>> {
  return Object.fromEntries([...response.headers].filter(([name]) => !changing.includes(name)));
}

it.each(routes)('HEAD %s', async (route) => {
  const path = pathNames(route).reduce((named, name) => named.replace(`{${name}}`, 'x'), route);
  const get = await fetch(`${app.baseUrl}/${path}`);
  const body = await get.arrayBuffer();
  const head = await fetch(`${app.baseUrl}/${path}`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([get.status, '']);
  expect(fixedHeaders(head)).toEqual({
    ...fixedHeaders(get),
    'content-length': String(body.byteLength),
  });
});
