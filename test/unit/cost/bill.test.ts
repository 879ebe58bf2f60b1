/** The arithmetic of the calculator: cases worked out by hand, and what must hold of any. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billOf } from '../../../scripts/cost/bill.ts';
import { defaults, type CostInputs } from '../../../scripts/cost/inputs.ts';
import { assumed, measured } from '../../../scripts/cost/measured.ts';
import { dailyUsage } from '../../../scripts/cost/usage.ts';

const nothing: CostInputs = {
  ...defaults,
  tenants: 0,
  recordsPerDay: 0,
  mailboxes: 0,
  queriesPerDay: 0,
  retentionDays: 30,
};

function item(inputs: CostInputs, key: string) {
  const found = billOf(inputs).items.find((one) => one.key === key);
  if (found === undefined) throw new Error(`The bill has no item ${key}.`);
  return found;
}

describe('the usage of a day', () => {
  it('without tenants is the timers, the leases and the empty queues', () => {
    // 288 + 3 × 96 + 48 + 2 × 24 + 7 runs; 7 queues, every 10 s; the host every 5 s and 11 timers every 30 s.
    expect(dailyUsage(nothing)).toMatchObject({
      executions: 679,
      seconds: 679,
      blobWrites: 0,
      blobReads: 0,
      queueOperations: 0,
      tableTransactions: 0,
      idleQueuePolls: 60_480,
      otherBlobOperations: 48_960,
      rawBytes: 0,
      indexBytes: 0,
      egressBytes: 0,
    });
  });

  it('of a tenant without records is a poll every half hour, one reconciliation, one check, the watch and the compaction', () => {
    const usage = dailyUsage({ ...nothing, tenants: 1 });
    // 48 polls and one more of 13 transactions; the reconciliation of 3; 96 runs of the watch of 4, 24 of the compaction
    // of 2.
    expect(usage.tableTransactions).toBe(49 * 13 + 3 + 96 * 4 + 24 * 2);
    expect(usage).toMatchObject({ executions: 681, blobWrites: 0, rawBytes: 0, indexBytes: 0 });
  });

  it('of a tenant with records in every poll is a landing every five minutes', () => {
    const usage = dailyUsage({ ...nothing, tenants: 1, recordsPerDay: 20_000 });
    expect(usage.blobReads).toBe(288);
    expect(usage.blobWrites).toBeCloseTo(288 + 0.02 * 200);
    expect(usage.tableTransactions).toBeCloseTo(
      288 * (31 + 3) + 13 + 3 + 0.02 * 76_200 + 96 * 4 + 24 * 2 + 20_000 * 0.014,
    );
    expect(usage.executions).toBe(679 + 288 + 2);
    expect(usage.rawBytes).toBe(4_000_000);
  });

  it('of a tenant with the webhook of the feed is a notification, a message, and a landing every minute', () => {
    const inputs = { ...nothing, tenants: 1, recordsPerDay: 20_000 };
    const [without, usage] = [dailyUsage(inputs), dailyUsage({ ...inputs, feedWebhook: true })];
    expect(usage.blobReads).toBe(1440);
    expect(usage.executions).toBe(679 + 1440 + 2 + 2 * 1440);
    expect(usage.queueOperations - without.queueOperations).toBeCloseTo((1440 - 288) * 4 + 3 * 1440);
    // A poll of three seconds and its notification, each alone; the timer finds nothing to do.
    expect(usage.seconds - without.seconds).toBeCloseTo(1440 * 4 + (1440 - 288));
  });

  it('of a tenant with few records and the webhook polls for each of them, and every half hour otherwise', () => {
    const usage = dailyUsage({ ...nothing, tenants: 1, recordsPerDay: 100, feedWebhook: true });
    expect(usage.blobReads).toBe(100);
    expect(usage.executions).toBe(679 + 100 + 2 + 2 * 100);
  });

  it('splits what does not fit into one landing', () => {
    // 14 GB of text: each of 288 polls has 48.6 MB, in landings of 16 MiB.
    const usage = dailyUsage({ ...nothing, tenants: 1, recordsPerDay: 10_000_000 });
    expect(usage.blobReads).toBe(288 * 3);
  });
});

describe('a bill', () => {
  it('takes off what is free', () => {
    expect(item(nothing, 'executions')).toMatchObject({ quantity: 20_370, first: 0, later: 0 });
    const many = { ...nothing, queriesPerDay: 1_000_000 };
    // 30,020,370 executions less 250,000, at $0.40 a million; 15,010,185 GB-s less 100,000, at $0.000026.
    expect(item(many, 'executions').later).toBeCloseTo(11.908148, 6);
    expect(item(many, 'gigabyteSeconds').later).toBeCloseTo(387.66481, 5);
  });

  it('counts half a month of records in the first month and all that are kept in the later one', () => {
    const inputs = { ...nothing, tenants: 10, recordsPerDay: 100_000, retentionDays: 365 };
    // A million records a day of 200 bytes, at $0.0184 a gigabyte.
    expect(item(inputs, 'rawGigabytes')).toMatchObject({ quantity: 3, laterQuantity: 73 });
    expect(item(inputs, 'rawGigabytes').later).toBeCloseTo(1.3432);
  });

  it('counts rows in tables until their month is compacted, and segments afterwards', () => {
    const year = { ...nothing, tenants: 10, recordsPerDay: 100_000, retentionDays: 365 };
    const quarter = { ...year, retentionDays: assumed.daysInTables };
    // A million records a day of 370 bytes.
    expect(item(year, 'segmentGigabytes')).toMatchObject({ quantity: 0, laterQuantity: 0.37 * (365 - 110) });
    expect(item(quarter, 'segmentGigabytes').laterQuantity).toBe(0);
    const claims = (assumed.claimBytesPerRecord + 10 * 288 * 1e-6 * assumed.tableBytesPerLanding) * 255e-3;
    const more = item(year, 'indexGigabytes').laterQuantity - item(quarter, 'indexGigabytes').laterQuantity;
    // Both are sums of fractions.
    expect(more).toBeGreaterThan(claims - 1e-6);
    expect(more).toBeLessThan(1.1 * claims);
  });

  it('counts enablement in the first month only', () => {
    const inputs = { ...nothing, tenants: 10, mailboxes: 5000 };
    const { quantity, laterQuantity } = item(inputs, 'tableTransactions');
    expect(quantity - laterQuantity).toBeCloseTo(50 * measured.storageOperationsPer1000Mailboxes);
    const executions = item(inputs, 'executions');
    expect(executions.quantity - executions.laterQuantity).toBe(10 * assumed.enablementMessages);
  });

  it('has private endpoints only on request', () => {
    expect(item(nothing, 'privateEndpoints').later).toBe(0);
    expect(item({ ...nothing, privateEndpoints: 4 }, 'privateEndpoints').later).toBeCloseTo(29.2);
  });

  it('is the sum of its items', () => {
    const { items, first, later } = billOf(defaults);
    expect(first).toBeCloseTo(items.reduce((sum, one) => sum + one.first, 0));
    expect(later).toBeCloseTo(items.reduce((sum, one) => sum + one.later, 0));
  });

  it('has the price of a million records if there are records', () => {
    expect(billOf(nothing).perMillionRecords).toBeUndefined();
    const inputs = { ...nothing, tenants: 10, recordsPerDay: 100_000 };
    expect(billOf(inputs).perMillionRecords).toBeCloseTo(billOf(inputs).later / 30);
  });
});

const anyInputs = fc.record({
  tenants: fc.nat(2000),
  recordsPerDay: fc.nat(1_000_000),
  mailboxes: fc.nat(50_000),
  retentionDays: fc.integer({ min: 1, max: 3650 }),
  queriesPerDay: fc.nat(1_000_000),
  memory: fc.constantFrom(512, 2048, 4096),
  privateEndpoints: fc.nat(10),
  feedWebhook: fc.boolean(),
});

describe('any bill', () => {
  it.each(['tenants', 'recordsPerDay', 'mailboxes', 'retentionDays', 'queriesPerDay', 'memory'] as const)(
    'is never less with more of %s',
    (name) => {
      fc.assert(
        fc.property(anyInputs, anyInputs, (inputs, other) => {
          const [less, more] = [inputs[name], other[name]].toSorted((a, b) => a - b);
          const [low, high] = [less, more].map((value) => billOf({ ...inputs, [name]: value }));
          const rounding = 1e-9 * (1 + (high?.later ?? 0));
          expect(low?.first).toBeLessThanOrEqual((high?.first ?? 0) + rounding);
          expect(low?.later).toBeLessThanOrEqual((high?.later ?? 0) + rounding);
        }),
      );
    },
  );

  it('has no item below zero, and none that is not a number', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        for (const { quantity, laterQuantity, first, later } of billOf(inputs).items)
          expect([quantity, laterQuantity, first, later].every((value) => value >= 0)).toBe(true);
      }),
    );
  });

  it('without records, queries and mailboxes is the idle cost', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.integer({ min: 1, max: 3650 }), (tenants, retentionDays) => {
        const bill = billOf({ ...nothing, tenants, retentionDays });
        const charged = bill.items.filter(({ later }) => later > 0).map(({ key }) => key);
        const idle = ['otherBlobOperations', 'tableTransactions', 'queueOperations', 'idleQueuePolls'];
        const fixed = ['logAlerts', 'metricAlerts', 'vaultOperations'];
        const perTenant = ['gigabyteSeconds', 'logGigabytes'];
        expect([...idle, ...fixed, ...perTenant]).toEqual(expect.arrayContaining(charged));
        expect(bill.first).toBeCloseTo(bill.later);
      }),
    );
  });
});
