/** The result of an export, polled by Location alone. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dayMs, hourMs } from '../../support/clock.ts';
import {
  createExportApi,
  entraHeaders,
  type ExportAnswer,
  type ExportApi,
} from '../../support/export-api.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const locationOf = ({ headers }: ExportAnswer) => headers.get('location') ?? '';
const tokenOf = (answer: ExportAnswer) => new URL(locationOf(answer)).searchParams.get('t') ?? '';
const idOf = ({ text }: ExportAnswer) => z.object({ id: z.string() }).parse(JSON.parse(text)).id;
const codeOf = ({ text }: ExportAnswer) =>
  z.object({ error: z.object({ code: z.string() }) }).parse(JSON.parse(text)).error.code;

function changed(address: string, change: (url: URL) => void): string {
  const url = new URL(address);
  change(url);
  return url.href;
}

function withToken(address: string, token: string): string {
  return changed(address, (url) => {
    url.searchParams.set('t', token);
  });
}

/** Everything by which refusals could be distinguished. */
async function refusalOf({ call }: ExportApi, address: string): Promise<unknown> {
  const { status, headers, text } = await call(address);
  expect(status).toBe(401);
  return [text, headers.get('www-authenticate')];
}

describe('a flow without its key', () => {
  it('follows Location from the first answer to the last', async () => {
    const { start, call, finish } = await createExportApi();
    const started = await start();
    const waiting = await call(locationOf(started));
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([202, '10']);
    await finish(idOf(started));
    const done = await call(locationOf(waiting));
    expect([done.status, idOf(done)]).toEqual([200, idOf(started)]);
    const { contentUrl } = z.object({ contentUrl: z.string() }).parse(JSON.parse(done.text));
    expect(new URL(contentUrl).search).toBe('');
  });

  it('gets a Location on the address of the request, in any case of its letters', async () => {
    const { start, call, credentials } = await createExportApi();
    const address = locationOf(await start(credentials, fabrikamId.toUpperCase()));
    const shouted = changed(address, (url) => {
      const [exportId = ''] = /(?<=exports\/)[^/]+/.exec(url.pathname) ?? [];
      url.pathname = url.pathname.replace(exportId, exportId.toUpperCase());
    });
    expect((await call(shouted)).status).toBe(202);
    expect((await call(locationOf(await call(shouted)))).status).toBe(202);
  });

  it('that waits for long may continue as long as its key is valid, but not after a week without a request', async () => {
    const { start, call, clock } = await createExportApi();
    let address = locationOf(await start());
    for (let polls = 0; polls < 3; polls++) {
      clock.advance(6 * dayMs);
      address = locationOf(await call(address));
    }
    clock.advance(7 * dayMs + 1);
    expect((await call(address)).status).toBe(401);
  });

  it('that began with a token of Entra ID has a day, which polling does not extend', async () => {
    const { start, call, clock } = await createExportApi();
    const started = await start(entraHeaders);
    clock.advance(23 * hourMs);
    const waiting = await call(locationOf(started));
    expect([waiting.status, tokenOf(waiting)]).toEqual([202, tokenOf(started)]);
    clock.advance(2 * hourMs);
    expect((await call(locationOf(waiting))).status).toBe(401);
    expect((await call(locationOf(waiting), { headers: entraHeaders })).status).toBe(202);
  });

  it('gets a working Location from a repeated POST', async () => {
    for (const own of [undefined, entraHeaders]) {
      const { start, call, clock, credentials } = await createExportApi();
      const headers = { ...(own ?? credentials), 'idempotency-key': 'once' };
      const first = await start(headers);
      clock.advance(23 * hourMs);
      const again = await start(headers);
      expect([idOf(again), (await call(locationOf(again))).status]).toEqual([idOf(first), 202]);
    }
  });
});

describe('the token of a Location', () => {
  const others: readonly (readonly [string, (url: URL) => void])[] = [
    ['of another tenant', (url) => (url.pathname = url.pathname.replace(fabrikamId, adatumId))],
    [
      'of another export',
      (url) => (url.pathname = url.pathname.replace(/[0-9a-f]{12}\/result/, '0123456789ab/result')),
    ],
    [
      'with a changed token',
      (url) => {
        url.searchParams.set('t', `${url.searchParams.get('t') ?? ''}A`);
      },
    ],
    [
      'with an empty token',
      (url) => {
        url.searchParams.set('t', '');
      },
    ],
  ];

  it.each(others)('opens no result %s', async (_, change) => {
    const api = await createExportApi();
    const address = locationOf(await api.start());
    const garbage = withToken(address, 'garbage');
    expect(await refusalOf(api, changed(address, change))).toEqual(await refusalOf(api, garbage));
  });

  it('is sent once', async () => {
    const api = await createExportApi();
    const address = `${locationOf(await api.start())}&t=x`;
    const { status, text } = await api.call(address);
    expect([status, text]).toEqual([400, expect.stringContaining("'t' is given more than once")]);
  });

  it('opens neither the status, nor the manifest, nor a second export, nor canceling', async () => {
    const api = await createExportApi();
    const [started, other] = [await api.start(), await api.start()];
    const to = (end: string) =>
      changed(locationOf(started), (url) => (url.pathname = url.pathname.replace(/\/result$/, end)));
    const statuses = [await api.call(to('')), await api.call(to('/manifest'))];
    statuses.push(await api.call(to('/cancel'), { method: 'POST' }));
    statuses.push(await api.call(locationOf(started).replace(idOf(started), idOf(other))));
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it('is not in the address of the status, which requires credentials', async () => {
    const { start, call, credentials } = await createExportApi();
    const started = await start();
    const monitor = started.headers.get('operation-location') ?? '';
    expect(new URL(monitor).search).toBe('');
    expect((await call(monitor)).status).toBe(401);
    expect((await call(monitor, { headers: credentials })).status).toBe(200);
  });

  it('is invalid once the key is revoked or has lost its scope', async () => {
    for (const changes of [{ revokedDateTime: new Date(0) }, { scopes: ['auditing.enable'] as const }]) {
      const api = await createExportApi();
      const address = locationOf(await api.start());
      api.changeKey(changes);
      const garbage = withToken(address, 'garbage');
      expect(await refusalOf(api, address)).toEqual(await refusalOf(api, garbage));
    }
  });

  it('is ignored next to a credential, even an invalid one', async () => {
    const { start, call, credentials } = await createExportApi();
    const address = locationOf(await start());
    const wrong = [{ 'x-api-key': 'ak_wrong' }, { 'x-api-key': '' }, { authorization: 'Bearer no' }];
    for (const headers of wrong) expect((await call(address, { headers })).status).toBe(401);
    const garbage = withToken(address, 'garbage');
    expect((await call(garbage, { headers: credentials })).status).toBe(202);
  });

  it('is the only parameter of the result', async () => {
    const { start, call, credentials } = await createExportApi();
    const address = `${locationOf(await start())}&form=long`;
    const answer = await call(address, { headers: credentials });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'InvalidParameter']);
  });

  it('is logged by its name alone, and the caller who got it is logged as the caller', async () => {
    const { start, call, entries } = await createExportApi();
    const started = await start();
    await call(locationOf(started));
    expect(entries.at(-1)).toMatchObject({ parameters: ['t'], caller: entries[0]?.caller });
    expect(JSON.stringify(entries)).not.toContain(tokenOf(started).slice(0, 20));
  });
});
