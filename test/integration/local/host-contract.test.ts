/**
 * The local host answers as the real one was measured to, or as its source says. With `AUDITKEEP_HOST_URL`, the table is checked against
 * another host, such as `func start` on the fixture app.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostProcess } from '../../local/host-process.ts';
import {
  derivedAnswers,
  measuredAnswers,
  measuredOverload,
  measuredStopMs,
  type HostAnswer,
} from '../../local/host/measured-answers.ts';
import { createFixture, type Fixture } from './fixture.ts';

const otherHost = process.env['AUDITKEEP_HOST_URL'];

let fixture: Fixture;
let host: HostProcess;
const streams = { FIXTURE_STREAMS: 'true' };

beforeAll(async () => {
  fixture = await createFixture();
  host = await fixture.start(streams);
});

afterAll(async () => {
  await host.stop();
  await fixture.dispose();
});

const chunk = new Uint8Array(10_000);

function chunksOf(bytes: number): ReadableStream {
  let left = bytes / chunk.length;
  return new ReadableStream({
    pull: (controller) => {
      if (left-- > 0) controller.enqueue(chunk);
      else controller.close();
    },
  });
}

async function ask({ method, path, bodyBytes }: HostAnswer['request']): Promise<Response> {
  const body = bodyBytes === undefined ? null : chunksOf(bodyBytes);
  const init = { method, body, duplex: 'half', signal: AbortSignal.timeout(20_000) } as const;
  return await fetch(`${otherHost ?? host.baseUrl}${path}`, init);
}

describe('as the real host', () => {
  test.each([...measuredAnswers, ...derivedAnswers])('$name', async ({ request, answer }) => {
    const response = await ask(request);
    expect(response.status).toBe(answer.status);
    const body = await response.text();
    if (answer.body !== undefined) expect(body).toBe(answer.body);
    expect(Object.fromEntries(response.headers)).toMatchObject(answer.headers ?? {});
    // The host still works.
    expect((await ask({ method: 'GET', path: '/api/state' })).status).toBe(200);
  });

  test('more requests at once than it may hold are refused', async () => {
    const busy = await fixture.start(streams);
    const stop = new AbortController();
    const { signal } = stop;
    const statusOf = async () => {
      const response = await fetch(`${busy.baseUrl}/api/wait`, { signal });
      const retryAfter = response.headers.get('retry-after');
      return { status: response.status, body: await response.text(), retryAfter };
    };
    const { outstanding, ...refusal } = measuredOverload;
    const asked = Array.from({ length: outstanding + 1 }, statusOf);
    expect(await Promise.race(asked)).toEqual(refusal);
    stop.abort();
    await Promise.allSettled(asked);
    await busy.stop();
  });

  test('SIGTERM ends it in time, with requests that hang', async () => {
    const hanging = await fixture.start(streams);
    const asked = fetch(`${hanging.baseUrl}/api/hang`).catch(() => undefined);
    // The request has arrived.
    await expect.poll(async () => (await hanging.status()).idle).toBe(false);
    const started = performance.now();
    await hanging.stop();
    expect(performance.now() - started).toBeLessThan(measuredStopMs);
    await asked;
  });
});
