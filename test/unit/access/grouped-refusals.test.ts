/** Refusals without a caller: one entry for each address and minute, whatever a stranger sends. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AccessLogEntry } from '../../../shared/access/access-log.ts';
import { groupRefusals } from '../../../shared/access/grouped-refusals.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { createFakeAccessLog } from '../../support/fakes/access-log.ts';
import { createFaults, failNext, type Faults } from '../../support/faults.ts';

function createWorld(faults: Faults = createFaults()) {
  const [clock, log] = [createClock(), createFakeAccessLog()];
  const due: { readonly at: number; readonly work: () => Promise<void> }[] = [];
  const later = (ms: number, work: () => Promise<void>) => {
    due.push({ at: clock.now().getTime() + ms, work });
  };
  const grouped = groupRefusals(faults.inject('log', log), { now: clock.now, later });
  const entry = (clientAddress: string, changes: Partial<AccessLogEntry> = {}): AccessLogEntry => ({
    ...{ at: clock.now(), requestId: randomUUID(), action: 'list-records', outcome: 'refused' },
    ...{ code: 'Unauthorized', clientAddress, count: 1, parameters: [], ...changes },
  });
  return {
    ...{ clock, log, grouped, entry, writes: () => faults.steps.length },
    refuse: (clientAddress: string, changes?: Partial<AccessLogEntry>) =>
      grouped.append(entry(clientAddress, changes)),
    /** Time passes, and what is due happens. */
    pass: async (ms: number) => {
      clock.advance(ms);
      for (const each of due.splice(0)) {
        if (each.at <= clock.now().getTime()) await each.work();
        else due.push(each);
      }
    },
  };
}

const counts = (entries: readonly AccessLogEntry[]) =>
  entries.map(({ clientAddress, count }) => [clientAddress, count]);

describe('refusals without a caller', () => {
  it('are one entry for each address and minute, which is the first with their count', async () => {
    const { refuse, pass, log } = createWorld();
    const first = { requestId: randomUUID(), action: 'get-record' };
    await refuse('192.0.2.1', first);
    for (let each = 1; each < 100; each++) await refuse('192.0.2.1');
    for (let each = 0; each < 3; each++) await refuse('2001:db8::/64');
    await pass(minuteMs);
    await refuse('192.0.2.1');
    expect(counts(log.entries)).toEqual([
      ['192.0.2.1', 100],
      ['2001:db8::/64', 3],
      ['192.0.2.1', 1],
    ]);
    expect(log.entries[0]).toMatchObject(first);
  });

  it('are written before they are answered: the first, and half of all at any time', async () => {
    const { refuse, log, writes } = createWorld();
    for (let each = 1; each <= 1000; each++) {
      await refuse('192.0.2.1');
      expect(log.entries).toHaveLength(1);
      expect((log.entries[0]?.count ?? 0) * 2).toBeGreaterThan(each);
    }
    expect(writes()).toBe(10);
  });

  it('are apart from calls that failed through no fault of the caller', async () => {
    const { refuse, log } = createWorld();
    await refuse('192.0.2.1');
    await refuse('192.0.2.1', { outcome: 'failed', code: 'InternalError' });
    expect(log.entries.map(({ outcome }) => outcome)).toEqual(['refused', 'failed']);
  });

  it('share an entry without an address when there are too many addresses', async () => {
    const { refuse, pass, log } = createWorld();
    for (let each = 0; each < 5000; each++) await refuse(`address-${each}`);
    await pass(minuteMs);
    expect(log.entries).toHaveLength(1001);
    expect(counts(log.entries).at(-1)).toEqual([undefined, 4000]);
    await refuse('192.0.2.1');
    expect(counts(log.entries).at(-1)).toEqual(['192.0.2.1', 1]);
  });

  it('lose no count when a minute ends without the clock having been noticed', async () => {
    const { refuse, clock, log } = createWorld();
    for (let each = 0; each < 7; each++) await refuse('192.0.2.1');
    clock.advance(minuteMs);
    await refuse('192.0.2.1');
    expect(counts(log.entries)).toEqual([
      ['192.0.2.1', 7],
      ['192.0.2.1', 1],
    ]);
  });

  it('are written completely when the app ends', async () => {
    const { refuse, grouped, log } = createWorld();
    for (let each = 0; each < 7; each++) await refuse('192.0.2.1');
    await grouped.flush();
    expect(counts(log.entries)).toEqual([['192.0.2.1', 7]]);
  });

  it('fail if the entry cannot be written, and the count is written later', async () => {
    const faults = failNext('log.append', new Error('Storage is away.'));
    const { refuse, pass, log } = createWorld(faults);
    await expect(refuse('192.0.2.1')).rejects.toThrow('Storage is away.');
    await pass(minuteMs);
    expect(counts(log.entries)).toEqual([['192.0.2.1', 1]]);
  });

  it('are kept for the next minute if storage is away when the minute ends', async () => {
    let isAway = false;
    const world = createWorld(createFaults(() => (isAway ? new Error('Storage is away.') : undefined)));
    for (let each = 0; each < 7; each++) await world.refuse('192.0.2.1');
    isAway = true;
    await world.pass(minuteMs);
    isAway = false;
    await world.pass(minuteMs);
    expect(counts(world.log.entries)).toEqual([['192.0.2.1', 7]]);
  });
});

describe('all other entries', () => {
  it('are written one by one', async () => {
    const { grouped, entry, log } = createWorld();
    const known = () => ({ ...entry(''), caller: 'key', clientAddress: undefined, count: undefined });
    for (let each = 0; each < 3; each++) await grouped.append(known());
    expect(log.entries).toHaveLength(3);
  });
});
