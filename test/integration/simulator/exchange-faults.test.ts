/** Faults at the simulated Exchange admin endpoint use its error format. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fabrikam, feedPath } from './simulator-client.ts';
import { partsOf, problemOf, startExchange, type ExchangeClient } from './exchange-client.ts';

let client: ExchangeClient;

beforeAll(async () => {
  client = await startExchange();
});

afterAll(() => client.stop());

afterEach(() => {
  client.simulator.faults.clear();
  client.simulator.counters.reset();
});

const read = () => client.invoke('Get-OrganizationConfig');

const write = () => client.invoke('Set-OrganizationConfig', { AuditDisabled: false });

describe('a fault', () => {
  it('throttles in plain text, with or without Retry-After', async () => {
    const { faults } = client.simulator;
    faults.add({ match: { operation: 'exchange' }, times: 1, effect: { kind: 'throttled' } });
    faults.add({
      match: { operation: 'exchange' },
      effect: { kind: 'too-many-requests', retryAfterSeconds: 7 },
    });
    const [plain, waiting] = [await read(), await read()];
    expect([plain.status, plain.headers['retry-after']]).toEqual([429, undefined]);
    expect([waiting.status, waiting.headers['retry-after']]).toEqual([429, '7']);
    expect(waiting.data).toContain('Please wait and try again');
  });

  it.each([408, 503, 504])('answers %i in the nested envelope', async (status) => {
    const effect = { kind: 'error', status, code: 'System.TimeoutException', message: 'Too busy.' } as const;
    client.simulator.faults.add({ match: { operation: 'exchange' }, effect });
    expect(problemOf(await read())).toBe(`${status} Too busy.`);
  });

  it('answers 401 as for an expired token', async () => {
    client.simulator.faults.add({ match: { operation: 'exchange' }, effect: { kind: 'token-expired' } });
    const refused = await read();
    expect([refused.status, refused.data]).toEqual([401, '']);
  });

  it('resets the connection before the command runs', async () => {
    const effect = { kind: 'connection-reset' } as const;
    client.simulator.faults.add({ match: { operation: 'exchange' }, times: 1, effect });
    await expect(write()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(client.simulator.counters.snapshot().exchange.writes).toBe(0);
    expect((await write()).status).toBe(200);
  });

  it('loses the reply of a command that ran', async () => {
    client.simulator.faults.add({ match: { operation: 'exchange' }, effect: { kind: 'truncated-body' } });
    await expect(write()).rejects.toThrow(/aborted|ECONNRESET/);
    expect(client.simulator.counters.snapshot().exchange.writes).toBe(1);
  });

  it('does not respond for a while and then disconnects', async () => {
    const effect = { kind: 'no-answer', holdMs: 150 } as const;
    client.simulator.faults.add({ match: { operation: 'exchange' }, effect });
    const startedAt = performance.now();
    await expect(read()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(performance.now() - startedAt).toBeGreaterThan(140);
  });

  it('affects only the cmdlet that it names', async () => {
    const match = { operation: 'exchange', cmdlet: 'Set-OrganizationConfig', tenantId: fabrikam } as const;
    client.simulator.faults.add({ match, effect: { kind: 'html', status: 502 } });
    expect([(await read()).status, (await write()).status]).toEqual([200, 502]);
    const batch = await client.batch([['Set-OrganizationConfig', { AuditDisabled: false }]]);
    expect(partsOf(batch).map(({ status }) => status)).toEqual([200]);
  });
});

describe('latency', () => {
  it('can be set for Exchange alone', async () => {
    client.simulator.changeSettings({ exchangeLatencyMs: 1000 });
    const startedAt = performance.now();
    const answered: string[] = [];
    await Promise.all([
      read().then(() => answered.push('Exchange')),
      client.get(feedPath('subscriptions/list'), { token: '' }).then(() => answered.push('the feed')),
    ]);
    expect(answered).toEqual(['the feed', 'Exchange']);
    expect(performance.now() - startedAt).toBeGreaterThan(990);
    client.simulator.changeSettings({ exchangeLatencyMs: 0 });
  });
});
