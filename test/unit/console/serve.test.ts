/** The console's page and its files. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { consolePolicy, pageAddresses, servePage } from '../../../shared/console/serve.ts';

const script = gzipSync('export {};');
const index = '<!doctype html><title>Auditkeep</title>';
const deps = {
  telemetry: () => undefined,
  consoleFiles: () => Promise.resolve({ index, assets: new Map([['main-AB12.js', script]]) }),
};

const signIn = {
  clientId: '5b7c1d90-3e42-4a68-9f01-c2d3e4f5a6b7',
  authorityUrl: 'https://login.microsoftonline.com',
};

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly consoleSignIn?: typeof signIn;
}

async function ask(path: string, { method = 'GET', headers = {}, consoleSignIn }: Asked = {}) {
  const address = pageAddresses.find(({ route }) => route.startsWith(path === '/' ? '{' : 'console/'));
  if (address === undefined) throw new Error(`Nothing answers ${path}.`);
  const request = new HttpRequest({ method, url: `https://auditkeep.example${path}`, headers });
  const context = new InvocationContext({ functionName: address.name, logHandler: () => undefined });
  return await servePage({ ...deps, consoleSignIn }, address)(request, context);
}

describe('the page of the console', () => {
  it.each(['/console', '/console/', '/console/tenants/8f0d/gaps'])('is at %s', async (path) => {
    expect(await ask(path)).toMatchObject({
      status: 200,
      body: index,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-security-policy': consolePolicy(undefined),
        'referrer-policy': 'no-referrer',
      },
    });
  });

  it('is not sent again to a browser that has it, and stays kept', async () => {
    const etag = (await ask('/console')).headers?.['etag'] ?? '';
    expect(etag).toMatch(/^"[\da-f]{32}"$/);
    const again = await ask('/console', { headers: { 'if-none-match': etag } });
    expect(again).toMatchObject({ status: 304, headers: { etag, 'cache-control': 'no-cache' } });
    expect(again.body).toBeUndefined();
  });

  it('has a policy that allows nothing inline and nothing from elsewhere', () => {
    expect(consolePolicy(undefined)).toContain("default-src 'none'");
    expect(consolePolicy(undefined)).not.toMatch(/unsafe|https?:|\*/);
  });

  it('says how to sign in with Microsoft Entra ID where that is configured, and may call nothing else for it', async () => {
    const { body, headers } = await ask('/console', { consoleSignIn: signIn });
    expect(body).toContain(`<meta name="entra-client" content="${signIn.clientId}">`);
    expect(body).toContain('content="https://login.microsoftonline.com/organizations"');
    const added = (headers?.['content-security-policy'] ?? '').split('; ');
    const known = consolePolicy(undefined).split('; ');
    expect(added.filter((one) => !known.includes(one))).toEqual([
      "connect-src 'self' https://login.microsoftonline.com",
    ]);
    expect((await ask('/console')).body).not.toContain('entra');
  });

  it('is where the root leads', async () => {
    expect(await ask('/')).toMatchObject({ status: 302, headers: { location: '/console' } });
  });
});

describe('a file of the console', () => {
  it('is kept forever, compressed, with its media type and a tag', async () => {
    const answer = await ask('/console/assets/main-AB12.js', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(answer).toMatchObject({
      status: 200,
      body: script,
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'content-encoding': 'gzip',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'Accept-Encoding',
        etag: '"main-AB12.js"',
        'x-content-type-options': 'nosniff',
      },
    });
  });

  it.each(['identity', 'gzip;q=0'])('is expanded for callers that accept %s', async (accepted) => {
    const answer = await ask('/console/assets/main-AB12.js', { headers: { 'accept-encoding': accepted } });
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.body).toEqual(gunzipSync(script));
  });

  it('has its headers without a body for HEAD', async () => {
    const answer = await ask('/console/assets/main-AB12.js', {
      method: 'HEAD',
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(answer.headers).toMatchObject({
      'content-length': String(script.length),
      'content-encoding': 'gzip',
    });
    expect(answer.body).toBeUndefined();
  });

  it.each(['main-CD34.js', '', '..%2f..%2fhost.json'])(
    'with the unknown name "%s" is refused, and not kept',
    async (name) => {
      expect(await ask(`/console/assets/${name}`)).toMatchObject({
        status: 404,
        headers: { 'cache-control': 'no-store' },
        jsonBody: { error: { code: 'FileNotFound' } },
      });
    },
  );
});
