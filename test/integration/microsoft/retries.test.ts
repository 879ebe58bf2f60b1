/** How calls to Microsoft are retried, and what the budget of an invocation does to them. */
import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { budgetOf, startBudget, type Budget } from '../../../shared/budget.ts';
import { minuteMs } from '../../support/clock.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { answerJson, retryBaseMs, tenant, useServers, type Apis } from './served-apis.ts';

const serve = useServers();

const busy = (response: ServerResponse, retryAfter: string) => {
  response.writeHead(503, { 'Retry-After': retryAfter }).end();
};
type Call = readonly [api: string, answer: unknown, call: (apis: Apis, budget: Budget) => Promise<unknown>];

const calls: readonly Call[] = [
  ['the feed', [], ({ feed }, budget) => feed.listSubscriptions(tenant, budget)],
  ['Graph', { value: [] }, ({ directory }, budget) => directory.listOwnRoles(tenant, budget)],
  [
    'Exchange',
    { value: [{ UnifiedAuditLogIngestionEnabled: true }] },
    ({ exchange }, budget) => exchange.readUnifiedAuditLog(tenant, budget),
  ],
  [
    'sign-in',
    { issuer: `https://sign-in/${fabrikamId}` },
    ({ signIn }, budget) => signIn.findTenantId('fabrikam.example', 'enterprise', budget),
  ],
];

describe.each(calls)('a call to %s', (_api, body, call) => {
  it('that is refused three times waits three times what Retry-After requests, and no backoff', async () => {
    const { requests, apis } = await serve((response, { at }) => {
      if (at < 3) busy(response, '0.2');
      else answerJson(response, body);
    });
    const startedAt = performance.now();
    await call(apis, startBudget(minuteMs));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(590);
    expect(performance.now() - startedAt).toBeLessThan(retryBaseMs);
    expect(requests.count).toBe(4);
  });

  it('gives up at once when Retry-After does not fit into the budget', async () => {
    const { requests, apis } = await serve((response) => {
      busy(response, '90');
    });
    // Longer than the test may take.
    await expect(call(apis, startBudget(80_000))).rejects.toMatchObject({ retryAfterMs: 90_000 });
    expect(requests.count).toBe(1);
  });

  it('believes Retry-After for an hour at most', async () => {
    const { apis } = await serve((response) => {
      busy(response, String(8 * 24 * 60 * 60));
    });
    await expect(call(apis, startBudget(8_000))).rejects.toMatchObject({ retryAfterMs: 60 * minuteMs });
  });

  it('that gets no answer has its socket closed at the cutoff of the budget', async () => {
    const cutoff = new AbortController();
    const { server, requests, apis } = await serve(() => {
      cutoff.abort();
    });
    const disconnected = new Promise<void>((resolve) => {
      server.once('connection', (socket) =>
        socket.once('close', () => {
          resolve();
        }),
      );
    });
    await expect(call(apis, spentWith(cutoff.signal))).rejects.toMatchObject({
      ...{ action: 'retry', code: 'BudgetSpent' },
    });
    await disconnected;
    expect(requests.count).toBe(1);
  });

  it('is made once if the budget is already spent', async () => {
    const { apis } = await serve((response) => {
      answerJson(response, body);
    });
    await call(apis, startBudget(0));
  });
});

/** A budget that is spent, and cuts off requests in flight. */
function spentWith(cutoff: AbortSignal): Budget {
  return budgetOf(AbortSignal.abort(), { endsAt: new Date(), remainingMs: () => 0, cutoff });
}

describe('the body of a content blob', () => {
  it('is read to its end although the budget is spent, and cut off at its cutoff', async () => {
    const { apis, root } = await serve((response) => {
      response.write('[');
    });
    const contentUri = `${root}/api/v1.0/${fabrikamId}/activity/feed/audit/blob`;
    const cutoff = new AbortController();
    const { body } = await apis.feed.fetchContent(tenant, contentUri, spentWith(cutoff.signal));
    const received: string[] = [];
    const reading = (async () => {
      for await (const chunk of body) {
        received.push(chunk.toString());
        cutoff.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ action: 'retry', code: 'BudgetSpent' });
    expect(received).toEqual(['[']);
  });
});

describe('the body of a content blob that trickles', () => {
  const contentUri = (root: string) => `${root}/api/v1.0/${fabrikamId}/activity/feed/audit/blob`;

  async function receive(piece: string, pieces: number, patienceMs: number): Promise<number> {
    const { root, apis } = await serve((response) => {
      let sent = 0;
      const timer = setInterval(() => {
        response.write(piece);
        sent += 1;
        if (sent === pieces) response.end();
      }, 50);
      response.once('close', () => {
        clearInterval(timer);
      });
    }, patienceMs);
    let bytes = 0;
    const { body } = await apis.feed.fetchContent(tenant, contentUri(root), startBudget(minuteMs));
    for await (const chunk of body) bytes += chunk.length;
    return bytes;
  }

  it('is given up, however often a byte arrives', async () => {
    await expect(receive('x', 1000, 300)).rejects.toMatchObject({ action: 'retry', code: 'Idle' });
  });

  it('is received if it is slow but not that slow', async () => {
    // In half a second more than its patience, of which a loaded machine may use up most.
    expect(await receive('x'.repeat(500), 50, 2000)).toBe(25_000);
  });
});

describe('a wait between retries', () => {
  it('ends with the last error as soon as the budget is spent', async () => {
    const { requests, apis } = await serve((response) => {
      busy(response, '9');
    });
    const ending = new AbortController();
    const budget = budgetOf(ending.signal, {
      ...{ endsAt: new Date(), remainingMs: () => minuteMs, cutoff: new AbortController().signal },
    });
    const call = apis.feed.listSubscriptions(tenant, budget);
    void setTimeout(200).then(() => {
      ending.abort();
    });
    await expect(call).rejects.toMatchObject({ action: 'retry', retryAfterMs: 9_000 });
    expect(requests.count).toBe(1);
  });
});
