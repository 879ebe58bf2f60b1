/** The timer that compacts old months: which ones, and what a run may take. */
import { describe, expect, it } from 'vitest';
import { startBudget } from '../../../../shared/budget.ts';
import { compactMonths } from '../../../../shared/index/segments/compact-months.ts';
import { createRecordingTelemetry } from '../../../support/fakes/telemetry.ts';
import type { Tenant } from '../../../../shared/tenants/tenant.ts';
import { tenantNamed } from '../../../support/tenants.ts';
import { createMonthWorld } from './month-world.ts';

const hour = 60 * 60_000;

/** @param broken a month whose files cannot be written */
function createTimerWorld(months: readonly string[], changes: Partial<Tenant> = {}, broken = 'none') {
  const recording = createRecordingTelemetry();
  const { telemetry } = recording;
  const world = createMonthWorld();
  const [active, removing] = [tenantNamed('Active', changes), tenantNamed('Removing', { state: 'Removing' })];
  let now = Date.UTC(2026, 10, 20, 3);
  const create = (name: string) => {
    if (name.includes(`month=${broken}`)) throw new Error('No space.');
    return world.files.create(name);
  };
  const deps = {
    compaction: { ...world, files: { ...world.files, create } },
    tenants: { list: async () => await Promise.resolve([active, removing]) },
    telemetry,
    now: () => new Date(now),
    compactAfterMonths: 3,
  };
  return {
    world,
    tenantId: active.tenantId,
    removing: removing.tenantId,
    steps: () =>
      recording.of('index.month.compacted').map(({ month, step }) => `${String(month)} ${String(step)}`),
    async fill() {
      const row = { rowKey: '1_a', match: {}, summary: Buffer.from('a') };
      for (const { tenantId } of [active, removing])
        for (const month of months) await world.tables.writeRows(tenantId, month, 'time', [row]);
    },
    async run(budgetMs = hour) {
      await compactMonths(deps, startBudget(budgetMs));
      now += hour;
    },
    pass: (hours: number) => void (now += hours * hour),
  };
}

describe('the timer', () => {
  it('compacts months that ended three months ago, oldest first, of active tenants', async () => {
    const timer = createTimerWorld(['202611', '202609', '202608', '202512']);
    await timer.fill();
    for (let run = 0; run < 3; run++) await timer.run();
    timer.pass(48);
    await timer.run();
    await timer.run();
    expect(timer.steps()).toEqual([
      ...['202512 sealed', '202608 sealed', '202512 built', '202608 built'],
      ...['202512 cleaned', '202608 cleaned'],
    ]);
    expect(await timer.world.tables.months(timer.tenantId)).toEqual(['202611', '202609']);
    expect(await timer.world.tables.months(timer.removing)).toHaveLength(4);
  });

  it('compacts the other months if one fails, and then fails', async () => {
    const timer = createTimerWorld(['202512', '202608'], {}, '202512');
    await timer.fill();
    await timer.run();
    await expect(timer.run()).rejects.toThrow(AggregateError);
    expect(timer.steps()).toEqual(['202512 sealed', '202608 sealed', '202608 built']);
  });

  it('leaves months that the retention is about to delete', async () => {
    const retained = { from: new Date('2026-08-01T00:00:00Z'), decidedAt: new Date('2026-11-01T00:00:00Z') };
    const timer = createTimerWorld(['202608', '202607'], { retained });
    await timer.fill();
    await timer.run();
    expect(timer.steps()).toEqual(['202608 sealed']);
  });

  it('does one piece in a run without time, and finishes in later ones', async () => {
    const timer = createTimerWorld(['202608', '202512']);
    await timer.fill();
    for (let run = 0; run < 3; run++) await timer.run(0);
    expect(timer.steps()).toEqual([]);
    await timer.run();
    expect(timer.steps()).toEqual(['202512 sealed', '202608 sealed']);
  });
});
