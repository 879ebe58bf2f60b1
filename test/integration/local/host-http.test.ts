/** HTTP functions in the local host. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostProcess } from '../../local/host-process.ts';
import { createFixture, type Fixture, release } from './fixture.ts';

const id = '2f1d7c60-5a53-4f0e-8c39-6a0f4b1b7a11';

describe('the local host over HTTP', () => {
  let fixture: Fixture;
  let host: HostProcess;
  let streamingHost: HostProcess;

  beforeAll(async () => {
    fixture = await createFixture();
    host = await fixture.start();
    streamingHost = await fixture.start({ FIXTURE_STREAMS: 'true' });
  });

  afterAll(async () => {
    await Promise.all([host.stop(), streamingHost.stop()]);
    await fixture.dispose();
  });

  test.each(['buffered', 'streamed'])(
    'passes path, query, headers, and body to the handler (%s)',
    async (mode) => {
      const { baseUrl } = mode === 'streamed' ? streamingHost : host;
      const response = await fetch(`${baseUrl}/api/Echo/${id}/a%20part?each=1&each=2`, {
        method: 'POST',
        headers: { 'x-echo': 'heard' },
        body: 'text ✓',
      });
      expect(response.status).toBe(201);
      expect(response.headers.get('x-echo')).toBe('heard');
      expect(response.headers.get('x-ms-invocation-id')).toBeNull();
      expect(await response.json()).toEqual({
        params: { id, part: 'a part' },
        query: ['1', '2'],
        body: 'text ✓',
      });
    },
  );

  test.each(['buffered', 'streamed'])(
    'gives the answer to a large body that the handler does not read (%s)',
    async (mode) => {
      const { baseUrl } = mode === 'streamed' ? streamingHost : host;
      const body = new Uint8Array(5_000_000);
      expect((await fetch(`${baseUrl}/api/release`, { method: 'POST', body })).status).toBe(200);
      // The host still works.
      expect((await fetch(`${baseUrl}/api/state`)).status).toBe(200);
    },
  );

  test('omits an optional parameter', async () => {
    const response = await fetch(`${host.baseUrl}/api/echo/${id}`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ params: { id } });
  });

  test('answers 404 for an unknown path and for a parameter that violates its constraint', async () => {
    for (const path of ['/', '/api', '/api/nothing', '/api/echo/not-a-guid', `/api/echo/${id}/one/more`]) {
      const { status } = await fetch(`${host.baseUrl}${path}`, { method: 'POST' });
      expect({ path, status }).toEqual({ path, status: 404 });
    }
  });

  test.each(['buffered', 'streamed'])('answers 500 when the handler throws (%s)', async (mode) => {
    const { baseUrl } = mode === 'streamed' ? streamingHost : host;
    expect((await fetch(`${baseUrl}/api/fail`)).status).toBe(500);
    expect((await fetch(`${baseUrl}/api/state`)).status).toBe(200);
  });

  test('sends a buffered body at once', async () => {
    expect(await (await fetch(`${host.baseUrl}/api/stream`)).text()).toBe('first last');
  });

  test('sends a streamed body while it is being produced', async () => {
    const response = await fetch(`${streamingHost.baseUrl}/api/stream`);
    const chunks: string[] = [];
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    chunks.push((await reader?.read())?.value ?? '');
    expect(chunks).toEqual(['first ']);
    await release(streamingHost);
    chunks.push((await reader?.read())?.value ?? '');
    expect(chunks.join('')).toBe('first last');
  });

  test('reports its functions and its memory', async () => {
    const status = await host.status();
    expect(status).toMatchObject({ state: 'Running', idle: true });
    expect(status.functions).toEqual([...status.functions].sort());
    expect(status.functions).toContain('work');
    expect(status.peakRssMb).toBeGreaterThan(20);
  });

  test('answers 404 to a request to run an unknown function, and 400 to invalid JSON', async () => {
    const answers = await Promise.all([
      fetch(`${host.baseUrl}/admin/functions/nothing`, { method: 'POST', body: '{}' }),
      fetch(`${host.baseUrl}/admin/functions/work`, { method: 'POST', body: 'text' }),
      fetch(`${host.baseUrl}/admin/functions/work`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 404]);
  });
});
