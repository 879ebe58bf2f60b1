import { describe, expect, it } from 'vitest';
import { collect, type Collected, type CollectingRun, type Progress } from '../../local/collecting.ts';
import { createProgressReport } from '../../local/report.ts';
import { fabrikamId } from '../../support/tenants.ts';

const nothing: Progress = {
  ...{ idle: false, contentBlobs: 0, recordsLanded: 0, recordsIndexed: 0, recordsIndexing: 0 },
  ...{ rejected: 0, gaps: 0 },
};
const landed = { ...nothing, contentBlobs: 2, recordsLanded: 72 };
const indexed = { ...landed, idle: true, recordsIndexed: 72 };
const offered = { contentBlobs: 2, records: 72, distinctRecords: 72 };

interface World {
  readonly collected: Collected;
  /** In simulated time. */
  readonly seconds: number;
  readonly polls: number;
}

/** Collects, in simulated time, from an app that is in the given state after so many seconds and requested polls. */
async function collectFrom(stateAt: (seconds: number, polls: number) => Progress): Promise<World> {
  let [milliseconds, polls] = [0, 0];
  const run: CollectingRun = {
    tenants: [{ tenantId: fabrikamId, displayName: 'Fabrikam', contentTypes: ['Audit.Exchange'] }],
    readDelivered: () => Promise.resolve(offered),
    host: {
      run: (name) => {
        if (name === 'run-poll-request') polls++;
        return Promise.resolve();
      },
    },
    api: {
      listTenantIds: () => Promise.resolve([fabrikamId]),
      getIngestion: (tenantId) => Promise.resolve({ tenantId, ...stateAt(milliseconds / 1000, polls) }),
    },
  };
  const waiting = {
    now: () => milliseconds,
    delay: async (more: number) => {
      milliseconds += more;
      await Promise.resolve();
    },
  };
  const baseline = { progress: { ...nothing, idle: true }, offered };
  const collected = await collect(run, baseline, () => undefined, waiting);
  return { collected, seconds: milliseconds / 1000, polls };
}

describe('collecting', () => {
  it('requests another poll when there is no progress, even while content is pending', async () => {
    const { collected } = await collectFrom((_seconds, polls) =>
      polls === 0 ? { ...landed, contentBlobs: 1 } : indexed,
    );
    expect(collected).toMatchObject({ contentBlobs: 2, ending: 'complete' });
  });

  it('waits as long as records are being indexed, without further polls', async () => {
    const { collected, seconds, polls } = await collectFrom((second) =>
      second < 3600 ? { ...landed, recordsIndexing: Math.floor(second / 100) } : indexed,
    );
    expect(collected.ending).toBe('complete');
    expect([Math.floor(seconds), polls]).toEqual([3600, 0]);
  });

  it('is unfinished, which is not a loss, when nothing changes for two minutes but records are not indexed', async () => {
    const { collected, seconds } = await collectFrom(() => landed);
    expect(collected.ending).toBe('unfinished');
    expect(Math.floor(seconds)).toBe(120);
  });

  it.each([
    ['records are missing although there is nothing left to do', { ...indexed, recordsIndexed: 71 }],
    ['content was rejected', { ...indexed, rejected: 1 }],
    ['there is a gap', { ...indexed, gaps: 1 }],
  ])('ends with a loss when %s', async (_why, state) => {
    const { collected } = await collectFrom(() => state);
    expect(collected.ending).toBe('lost');
  });
});

describe('a line of progress', () => {
  const large = { contentBlobs: 20, records: 80_000, distinctRecords: 80_000 };
  const at = (recordsIndexing: number): Progress => ({ ...landed, contentBlobs: 20, recordsIndexing });

  it('has the rate of indexing and an estimate once they are known', () => {
    let seconds = 0;
    const describeProgress = createProgressReport(large, () => seconds * 1000);
    expect(describeProgress(at(0))).toBe('Collected 20 of 20 content blobs, indexed 0 of 80000 records');
    seconds = 30;
    expect(describeProgress(at(5_000))).not.toContain('a second');
    seconds = 40;
    expect(describeProgress(at(10_000))).toBe(
      'Collected 20 of 20 content blobs, indexed 10000 of 80000 records (500 a second, about 140 s left)',
    );
  });

  it('never goes back', () => {
    const describeProgress = createProgressReport(large, () => 0);
    describeProgress(at(10_000));
    expect(describeProgress(at(5_000))).toContain('indexed 10000 of');
  });
});
