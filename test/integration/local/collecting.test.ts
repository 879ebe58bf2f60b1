import { describe, expect, it } from 'vitest';
import { collect, type CollectingRun } from '../../local/collecting.ts';
import { fabrikamId } from '../../support/tenants.ts';

const figures = { recordsLanded: 72, recordsIndexed: 72, rejected: 0, gaps: 0 };
const before = { idle: true, contentBlobs: 0, recordsLanded: 0, recordsIndexed: 0, rejected: 0, gaps: 0 };
const offered = { contentBlobs: 2, records: 72, distinctRecords: 72 };

/** A content blob that could not be fetched at first and arrives with the next requested poll. */
function runWithOneDeferred(): CollectingRun {
  let isThere = false;
  return {
    tenants: [{ tenantId: fabrikamId, displayName: 'Fabrikam', contentTypes: ['Audit.Exchange'] }],
    readDelivered: () => Promise.resolve(offered),
    host: {
      run: (name) => {
        isThere ||= name === 'run-poll-request';
        return Promise.resolve();
      },
    },
    api: {
      listTenantIds: () => Promise.resolve([fabrikamId]),
      getIngestion: (tenantId) =>
        Promise.resolve({ tenantId, ...figures, idle: isThere, contentBlobs: isThere ? 2 : 1 }),
    },
  };
}

describe('collecting', () => {
  it('requests another poll when there is no progress, even while content is pending', async () => {
    const collected = await collect(runWithOneDeferred(), { progress: before, offered }, () => undefined);
    expect(collected).toMatchObject({ contentBlobs: 2, isIncomplete: false });
  }, 20_000);
});
