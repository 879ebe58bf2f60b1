/** Faults, throttling, and delays on request. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  adatum,
  contentPath,
  fabrikam,
  feedPath,
  graphScope,
  json,
  refusalOf,
  startClient,
  type SimulatorClient,
} from './simulator-client.ts';

const listPath = feedPath('subscriptions/list');

let client: SimulatorClient;

beforeEach(async () => {
  client = await startClient();
});

afterEach(() => {
  vi.useRealTimers();
  return client.stop();
});

const addBlob = (): string =>
  client.simulator
    .addContent(fabrikam, {
      kind: 'records',
      contentType: 'Audit.General',
      texts: ['{"Id":"1"}', '{"Id":"2"}'],
    })
    .join('');

const fetchBlob = (contentId: string) => client.get(feedPath(`audit/${contentId}`));

describe('a fault', () => {
  it('affects the configured number of calls', async () => {
    client.simulator.faults.add({
      match: { operation: 'list' },
      times: 2,
      effect: { kind: 'internal-error' },
    });
    const answers = [await client.get(listPath), await client.get(listPath), await client.get(listPath)];
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 200]);
    expect(refusalOf(answers[0] ?? (await client.get(listPath)))).toBe('500 AF50000');
  });

  it('affects calls with its probability, reproducibly for the same seed', async () => {
    const statuses = async (): Promise<readonly number[]> => {
      client.simulator.faults.clear();
      client.simulator.faults.add({ probability: 0.5, seed: 7, effect: { kind: 'html', status: 502 } });
      const answers: number[] = [];
      for (let call = 0; call < 20; call += 1)
        answers.push((await client.get(listPath, { token: '' })).status);
      return answers;
    };
    const first = await statuses();
    expect(new Set(first)).toEqual(new Set([401, 502]));
    expect(await statuses()).toEqual(first);
  });

  it('affects only matching calls', async () => {
    const contentId = addBlob();
    await client.subscribe('Audit.General');
    await client.subscribe('Audit.Exchange');
    const { faults } = client.simulator;
    faults.add({ match: { operation: 'list', tenantId: adatum }, effect: { kind: 'throttled' } });
    faults.add({ match: { contentType: 'Audit.Exchange' }, effect: { kind: 'throttled' } });
    faults.add({ match: { contentId }, effect: { kind: 'content-gone', code: 'AF20050' } });
    expect((await client.get(listPath)).status).toBe(200);
    expect(refusalOf(await client.get(contentPath('Audit.Exchange')))).toBe('403 AF429');
    expect((await client.get(contentPath('Audit.General'))).status).toBe(200);
    expect(refusalOf(await fetchBlob(contentId))).toBe('404 AF20050');
    expect((await fetchBlob(addBlob())).status).toBe(200);
    expect(faults.list().map(({ hits }) => hits)).toEqual([0, 1, 1]);
  });

  it('ends when it is removed', async () => {
    const id = client.simulator.faults.add({ match: { operation: 'list' }, effect: { kind: 'throttled' } });
    expect((await client.get(listPath)).status).toBe(403);
    client.simulator.faults.remove(id);
    expect((await client.get(listPath)).status).toBe(200);
  });
});

describe('throttling', () => {
  it('is a 403 that names the method', async () => {
    const contentId = addBlob();
    client.simulator.faults.add({ match: { operation: 'blob' }, effect: { kind: 'throttled' } });
    const throttled = await fetchBlob(contentId);
    expect(refusalOf(throttled)).toBe('403 AF429');
    expect(throttled.data).toContain('Method=GetBlob, PublisherId=00000000-0000-0000-0000-000000000000');
  });

  it('can be a 429 that says how long to wait', async () => {
    client.simulator.faults.add({ effect: { kind: 'too-many-requests', retryAfterSeconds: 7 } });
    const { status, headers } = await client.get(listPath, { token: '' });
    expect([status, headers['retry-after']]).toEqual([429, '7']);
  });

  it('affects only the tenant whose budget is used up', async () => {
    client.simulator.changeSettings({ requestsPerMinute: 1_000_000 });
    const [token, other] = [await client.token(fabrikam), await client.token(adatum)];
    client.simulator.changeSettings({ requestsPerMinute: 3 });
    const statuses: number[] = [];
    for (let call = 0; call < 8; call += 1) statuses.push((await client.get(listPath, { token })).status);
    expect(statuses.filter((status) => status === 403).length).toBeGreaterThanOrEqual(2);
    expect((await client.get(feedPath('subscriptions/list', adatum), { token: other })).status).toBe(200);
  });
});

describe('broken replies', () => {
  it('can be a reset connection', async () => {
    client.simulator.faults.add({
      match: { operation: 'list' },
      times: 1,
      effect: { kind: 'connection-reset' },
    });
    await expect(client.get(listPath)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect((await client.get(listPath)).status).toBe(200);
  });

  it('can be cut off in the middle', async () => {
    const contentId = addBlob();
    client.simulator.faults.add({ match: { contentId }, times: 1, effect: { kind: 'truncated-body' } });
    await expect(fetchBlob(contentId)).rejects.toThrow(/aborted|ECONNRESET/);
  });

  it('can end early as if they were complete', async () => {
    const contentId = addBlob();
    client.simulator.faults.add({ match: { contentId }, effect: { kind: 'truncated-body', cleanEnd: true } });
    const { status, data } = await fetchBlob(contentId);
    expect([status, data]).toEqual([200, '[{"Id":"1"}']);
  });

  it('can be slow but complete', async () => {
    const contentId = addBlob();
    client.simulator.faults.add({ match: { contentId }, effect: { kind: 'slow-body', durationMs: 200 } });
    const startedAt = performance.now();
    expect(json(await fetchBlob(contentId))).toEqual([{ Id: '1' }, { Id: '2' }]);
    expect(performance.now() - startedAt).toBeGreaterThan(150);
  });

  it.each([200, 502])('can be a page of HTML with status %i', async (status) => {
    client.simulator.faults.add({ match: { operation: 'list' }, effect: { kind: 'html', status } });
    const answer = await client.get(listPath);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('text/html');
  });

  it('can be any status and code', async () => {
    client.simulator.faults.add({
      match: { operation: 'list' },
      effect: { kind: 'error', status: 400, code: 'AF20012' },
    });
    expect(refusalOf(await client.get(listPath))).toBe('400 AF20012');
  });

  it('can report an expired token', async () => {
    client.simulator.faults.add({
      match: { operation: 'list' },
      times: 1,
      effect: { kind: 'token-expired' },
    });
    expect((await client.get(listPath)).status).toBe(401);
    expect((await client.get(listPath)).status).toBe(200);
  });

  it("use Graph's error format on Graph", async () => {
    client.simulator.faults.add({
      match: { operation: 'graph' },
      effect: { kind: 'too-many-requests', retryAfterSeconds: 3 },
    });
    const answer = await client.get('/v1.0/groups/x/members', { scope: graphScope });
    expect(refusalOf(answer)).toBe('429 TooManyRequests');
    expect(answer.headers['retry-after']).toBe('3');
  });
});

describe('time', () => {
  it('passes before every reply if a latency is set', async () => {
    const token = await client.token(fabrikam);
    client.simulator.changeSettings({ latencyMs: 1000 });
    const startedAt = performance.now();
    await Promise.all([client.get(listPath, { token }), client.get(listPath, { token })]);
    const elapsedMs = performance.now() - startedAt;
    expect(elapsedMs).toBeGreaterThan(990);
    expect(client.simulator.counters.snapshot().maxConcurrentRequests).toBe(2);
  });

  it('expires access tokens by the real clock', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const token = await client.token(fabrikam);
    vi.setSystemTime(Date.now() + 3_598_000);
    expect((await client.get(listPath, { token })).status).toBe(200);
    vi.setSystemTime(Date.now() + 2_000);
    expect((await client.get(listPath, { token })).status).toBe(401);
  });
});
