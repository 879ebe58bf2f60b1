import { describe, expect, it } from 'vitest';
import { createArrivalAnnouncer } from '../../../shared/feed/announce-arrivals.ts';
import { createFakeArrivalLog, type FakeArrivalLog } from '../../support/fakes/arrival-log.ts';
import { createFaults, type Fault } from '../../support/faults.ts';

interface HostOptions {
  readonly nowMs?: number;
  readonly faultAt?: (index: number) => Fault;
}

/** A host whose steps of storage are counted. */
function hostOf(log: FakeArrivalLog, { nowMs = 1, faultAt }: HostOptions = {}) {
  const faults = createFaults((_step, index) => faultAt?.(index));
  const arrivals = faults.inject('arrivals', log);
  const announcer = createArrivalAnnouncer({ arrivals, now: () => new Date(nowMs) });
  const taken = (from: number) => faults.steps.slice(from).map((step) => step.replace('arrivals.', ''));
  const stepsOf = async (work: () => Promise<unknown>) => {
    const before = faults.steps.length;
    await work();
    return taken(before);
  };
  return { ...announcer, stepsOf };
}

const tenantsNamed = (count: number) => Array.from({ length: count }, (_, at) => `tenant-${at}`);
const rangesOf = (log: FakeArrivalLog) =>
  log.all().map(({ tenantId, after, through }) => [tenantId, after, through]);

describe('an announcement', () => {
  it('begins where the previous one of its tenant ended, the first with everything', async () => {
    const log = createFakeArrivalLog();
    const host = hostOf(log);
    await host.announce('a', 5);
    await host.announce('b', 3);
    await host.announce('a', 9);
    expect(rangesOf(log)).toEqual([
      ['a', 0, 5],
      ['b', 0, 3],
      ['a', 5, 9],
    ]);
  });

  it('costs one request while no other host announces, three on a new host', async () => {
    const log = createFakeArrivalLog();
    for (const host of [hostOf(log), hostOf(log)]) {
      const through = log.all().length * 10 + 1;
      const cold = await host.stepsOf(() => host.announce('a', through));
      expect(cold).toEqual(['announced', 'newest', 'append']);
      for (const more of [1, 2])
        expect(await host.stepsOf(() => host.announce('a', through + more))).toEqual(['append']);
      expect(await host.stepsOf(() => host.announce('b', through))).toEqual(['announced', 'append']);
    }
  });

  it('starts over when another host was faster', async () => {
    const log = createFakeArrivalLog();
    const [one, other] = [hostOf(log), hostOf(log)];
    await one.announce('a', 1);
    await other.announce('a', 2);
    const steps = await one.stepsOf(() => one.announce('a', 3));
    expect(steps).toEqual(['append', 'announced', 'newest', 'append']);
    expect(rangesOf(log)).toEqual([
      ['a', 0, 1],
      ['a', 1, 2],
      ['a', 2, 3],
    ]);
  });

  it('of many tenants at once takes few transactions', async () => {
    const log = createFakeArrivalLog();
    const host = hostOf(log);
    const all = (count: number, through: number) => () =>
      Promise.all(tenantsNamed(count).map((tenantId) => host.announce(tenantId, through)));
    const appends = (steps: readonly string[]) => steps.filter((step) => step === 'append').length;
    expect(appends(await host.stepsOf(all(20, 1)))).toBe(1);
    expect(await host.stepsOf(all(20, 2))).toEqual(['append']);
    expect(appends(await host.stepsOf(all(100, 3)))).toBe(4);
    expect(rangesOf(log)).toHaveLength(140);
  });

  it('that comes while another one writes joins the next one', async () => {
    const log = createFakeArrivalLog();
    const host = hostOf(log);
    const steps = await host.stepsOf(async () => {
      const first = host.announce('a', 1);
      await Promise.resolve();
      const rest = [2, 3, 4].flatMap((through) => [host.announce('a', through), host.announce('b', through)]);
      await Promise.all([first, ...rest]);
    });
    expect(steps.filter((step) => step === 'append')).toHaveLength(2);
    expect(rangesOf(log)).toEqual([
      ['a', 0, 1],
      ['a', 1, 4],
      ['b', 0, 4],
    ]);
  });

  it('that is repeated, or late, announces nothing again', async () => {
    const log = createFakeArrivalLog();
    const [one, other] = [hostOf(log), hostOf(log)];
    await one.announce('a', 5);
    for (const host of [one, other])
      for (const through of [5, 4])
        expect(await host.stepsOf(() => host.announce('a', through))).toEqual(['announced']);
    expect(log.all()).toHaveLength(1);
  });

  it('is made once when the answer of storage is lost', async () => {
    const log = createFakeArrivalLog();
    const lost = hostOf(log, { faultAt: (index) => (index === 2 ? 'crashAfter' : undefined) });
    await expect(lost.announce('a', 5)).rejects.toThrow();
    await hostOf(log).announce('a', 5);
    expect(rangesOf(log)).toEqual([['a', 0, 5]]);
  });

  it('follows a purge from the beginning, also on a host that remembers the tenant, and whatever the clocks', async () => {
    const log = createFakeArrivalLog();
    const host = hostOf(log);
    await host.announce('a', 5);
    log.purge('a');
    await host.announce('a', 7);
    log.purge('a');
    // A host whose clock is behind numbered it.
    await host.announce('a', 2);
    expect(rangesOf(log)).toEqual([['a', 0, 2]]);
  });

  it('has a number that is the time, or the successor of the last one', async () => {
    const log = createFakeArrivalLog();
    await hostOf(log, { nowMs: 1000 }).announce('a', 1);
    await hostOf(log, { nowMs: 400 }).announce('a', 2);
    await Promise.all(['b', 'c'].map((tenantId) => hostOf(log, { nowMs: 2000 }).announce(tenantId, 1)));
    expect(log.all().map(({ number }) => number)).toEqual([1000, 1001, 2000, 2001]);
    expect(await log.lastArrival()).toBe(2001);
  });

  it('fails when storage fails, and other ones do not', async () => {
    const log = createFakeArrivalLog();
    const away = new Error('Storage is away.');
    const host = hostOf(log, { faultAt: (index) => (index === 2 ? away : undefined) });
    await expect(host.announce('a', 1)).rejects.toThrow(away);
    await host.announce('a', 1);
    expect(log.all()).toHaveLength(1);
  });
});
