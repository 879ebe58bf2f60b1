/** Records beyond 16 MiB: what their beginning says is indexed, searched, and delivered by the feed. */
import { describe, expect, it } from 'vitest';
import { feedBeginning } from '../../../shared/feed/landing-sequence.ts';
import { readFeed } from '../../../shared/feed/read-feed.ts';
import { maxLineBytes } from '../../../shared/index/read-lines.ts';
import { derivedId } from '../../../shared/records/audit-record.ts';
import { contentHash } from '../../../shared/records/canonical.ts';
import { parseFilter } from '../../../shared/query/filter-language/parse-filter.ts';
import { listRecords } from '../../../shared/query/list-records.ts';
import type { RecordFilters } from '../../../shared/query/filters.ts';
import { createFeedWorld, guidOf, rawBlobOf } from '../../support/feed-world.ts';

const named = {
  ...{ Id: guidOf('long'), CreationTime: '2026-03-05T08:00:00', Operation: 'Set-Mailbox', UserId: 'ada' },
  Parameters: [{ Name: 'AuditEnabled', Value: 'False' }],
};
const long = JSON.stringify({ ...named, Data: 'x'.repeat(maxLineBytes), ObjectId: 'late' });
const next = JSON.stringify({ ...named, Id: guidOf('next'), Operation: 'Send' });

async function indexed(lines: readonly string[] = [long, next]) {
  const world = createFeedWorld();
  const { request, body, metadata } = rawBlobOf(world.tenantId, lines, world.clock.now());
  await world.raw.put(request.blobName, body, metadata);
  await world.indexOne(request);
  const find = async (filters: RecordFilters) => {
    const question = { tenantId: world.tenantId, filters, top: 10, position: {}, withTexts: false };
    return (await listRecords(world.deps, question)).records;
  };
  const follow = async (filters: RecordFilters) => {
    const question = { tenantId: world.tenantId, filters, limit: 10, position: feedBeginning };
    return (await readFeed(world.deps, question)).records;
  };
  return { ...world, request, body, metadata, find, follow };
}

describe('a record longer than can be held', () => {
  it('is found by its id, user, operation and time, and counted as truncated', async () => {
    const { find, telemetry } = await indexed();
    const [found, ...others] = await find({ operations: ['Set-Mailbox'], users: ['ada'] });
    expect(found).toMatchObject({
      ...{ id: guidOf('long'), createdSource: 'record' },
      createdDateTime: new Date('2026-03-05T08:00:00Z'),
      summary: { operation: 'Set-Mailbox', userId: 'ada' },
    });
    expect(others).toEqual([]);
    expect(found?.summary.objectId).toBeUndefined();
    expect(telemetry.of('index.record.notUnderstood')).toMatchObject([{ line: 0, truncated: true }]);
  });

  it('is flagged when it switches auditing off, and does not stop its landing', async () => {
    const { telemetry, find } = await indexed();
    expect(telemetry.of('index.record.switchedAuditingOff')).toMatchObject([
      { cmdlet: 'Set-Mailbox', recordId: guidOf('long') },
    ]);
    expect(await find({})).toHaveLength(2);
  });

  it.each<[string, RecordFilters]>([
    ['a path', { filter: parseFilter("auditData/Parameters/AuditEnabled eq 'False'") }],
    ['a text', { text: 'AuditEnabled' }],
    ['an operation', { operations: ['Set-Mailbox'] }],
  ])('is found by %s in its beginning, by queries and by the feed', async (_, filters) => {
    const { find, follow } = await indexed();
    for (const records of [await find(filters), await follow(filters)])
      expect(records.map(({ id }) => id)).toContain(guidOf('long'));
  });

  it('keeps the id that an earlier release gave it, in queries and in the feed', async () => {
    const before = await indexed();
    const [claim] = (await before.index.readClaims(before.tenantId, [guidOf('long')])).values();
    if (claim === undefined) throw new Error('It was not claimed.');
    const madeUp = derivedId(contentHash(Buffer.from(long).subarray(0, maxLineBytes), undefined));
    const world = createFeedWorld();
    await world.raw.put(before.request.blobName, before.body, before.metadata);
    await world.index.createClaims(world.tenantId, [{ ...claim, id: madeUp }]);
    await world.indexOne(before.request);
    const question = { tenantId: world.tenantId, filters: {}, limit: 10, position: feedBeginning };
    const { records } = await readFeed(world.deps, question);
    expect(records.map(({ id }) => id)).toEqual([madeUp, guidOf('next')]);
  });
});
