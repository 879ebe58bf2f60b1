/** Downloads that a client breaks off, through the whole app: they keep no one waiting, and do not count as failures. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { expectDescribedResponse } from '../../support/described.ts';
import { startAppWithRecords, type AppWithRecords } from '../pipeline/app-with-records.ts';
import { recordOf } from '../pipeline/invented-records.ts';

/** So few that a single one that is not given back is noticed soon. */
const requestsAtOnce = 2;
/** Far more than all connections on the way can hold. */
const records = Array.from({ length: 300 }, (_, at) =>
  recordOf(`large ${at}`, { filler: 'x'.repeat(100_000) }),
);

let app: AppWithRecords;
let tenant: string;
let headers: Readonly<Record<string, string>>;

beforeAll(async () => {
  app = await startAppWithRecords({ records, requestsAtOnce });
  tenant = `${app.host.baseUrl}/api/tenants/${app.tenantId}`;
  headers = { 'x-api-key': app.apiKey, 'content-type': 'application/json' };
});

afterAll(() => app.stop());

/** Its content, when it is ready. */
async function exported(): Promise<string> {
  const begun = await fetch(`${tenant}/exports`, { method: 'POST', headers, body: '{"format":"ndjson"}' });
  await expectDescribedResponse('POST', begun);
  const { id } = z.object({ id: z.string() }).parse(await begun.json());
  await vi.waitFor(
    async () => {
      const asked = await fetch(`${tenant}/exports/${id}`, { headers });
      expect(await asked.json()).toMatchObject({ status: 'Succeeded', recordCount: records.length });
    },
    { timeout: 45_000, interval: 200 },
  );
  return `${tenant}/exports/${id}/content`;
}

async function breakOff(url: string, more: Readonly<Record<string, string>>): Promise<void> {
  const asked = get(url, { headers: { ...headers, ...more } });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe('range' in more ? 206 : 200);
  await once(response, 'data');
  response.destroy();
  await once(response, 'close');
  expect(response.complete).toBe(false);
}

it('keep no one waiting and do not count as failures: exports, parts of them, streams of records', async () => {
  const content = await exported();
  for (let times = 0; times <= requestsAtOnce; times++) {
    await breakOff(content, {});
    await breakOff(content, { range: 'bytes=1000000-' });
    await breakOff(`${tenant}/records-stream`, {});
    const next = await fetch(`${tenant}/records?top=1`, { headers });
    await expectDescribedResponse('GET', next);
    expect(await next.json()).toMatchObject({ value: [{ operation: 'FileAccessed' }] });
  }
  await vi.waitFor(
    async () => {
      expect(await app.host.status()).toMatchObject({ idle: true });
    },
    {
      timeout: 20_000,
    },
  );
  const ended = (name: string) => app.log.filter((line) => line.includes(` ${name} succeeded `));
  expect(ended('get-export-content')).toHaveLength(2 * (requestsAtOnce + 1));
  expect(ended('stream-records')).toHaveLength(requestsAtOnce + 1);
  expect(app.log.filter((line) => / (error|critical) |failed/i.test(line))).toEqual([]);
});
