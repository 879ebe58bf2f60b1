/** What is deleted every day, and what is kept. */
import { describe, expect, it } from 'vitest';
import type { Budget } from '../../../shared/budget.ts';
import { expiringKinds, purgeExpired } from '../../../shared/retention/purge-expired.ts';
import { createClock, hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { createFakeExpiringRows } from '../../support/fakes/expiring-rows.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';

function createWorld(pageSize?: number) {
  const [clock, rows, telemetry] = [
    createClock(),
    createFakeExpiringRows(pageSize),
    createRecordingTelemetry(),
  ];
  const ago = (hours: number) => new Date(clock.now().getTime() - hours * hourMs);
  const run = (budget: Budget = clock.startBudget(minuteMs)) =>
    purgeExpired(
      { expiringRows: rows, telemetry: telemetry.telemetry, now: clock.now, accessLogDays: 30 },
      budget,
    );
  return { clock, rows, telemetry, ago, run };
}

describe('the daily purge', () => {
  it('deletes rows older than the retention of their kind, and nothing younger', async () => {
    const { rows, ago, run, telemetry } = createWorld();
    const kept = {
      accessLog: 29 * 24,
      repeats: 47,
      webhooks: 47,
      consents: -1,
      pageTokens: 47,
      poisonMessages: 89 * 24,
      channelDeliveries: 89 * 24,
      watchStates: 119 * 24,
    };
    const gone = {
      accessLog: 32 * 24,
      repeats: 49,
      webhooks: 49,
      consents: 1,
      pageTokens: 49,
      poisonMessages: 91 * 24,
      channelDeliveries: 91 * 24,
      watchStates: 121 * 24,
    };
    for (const kind of expiringKinds) {
      rows.add(kind, ago(kept[kind]));
      rows.add(kind, ago(gone[kind]));
    }
    await run();
    for (const kind of expiringKinds) expect(rows.left(kind)).toEqual([ago(kept[kind])]);
    expect(telemetry.of('retention.rows.purged')).toEqual(
      expiringKinds.map((kind) => ({ kind, rows: 1, finished: true, durationMs: 0 })),
    );
  });

  it('stops when its budget is spent, and the next purge continues', async () => {
    const { clock, rows, ago, run, telemetry } = createWorld(1);
    for (const hours of [49, 50, 51, 52]) rows.add('webhooks', ago(hours));
    const budget = clock.startBudget(secondMs);
    rows.beforeEachPage(() => {
      clock.advance(secondMs / 2);
    });
    await run(budget);
    expect(rows.left('webhooks')).toHaveLength(2);
    const webhooks = telemetry.of('retention.rows.purged').find(({ kind }) => kind === 'webhooks');
    expect(webhooks).toMatchObject({ rows: 2, finished: false });
    await run();
    expect(rows.left('webhooks')).toEqual([]);
  });
});
