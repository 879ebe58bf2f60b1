/** The ledger's promises, kept in memory and on Table Storage. */
import { odata } from '@azure/data-tables';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ContentBlob } from '../../shared/activity/activity-feed.ts';
import { createLedger } from '../../shared/adapters/tables/ledger-store.ts';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import {
  gapSchema,
  receiptSchema,
  type Gap,
  type OpenContent,
  type Receipt,
  type SettledContent,
  type SettledRange,
} from '../../shared/landing/ledger.ts';
import { contentNamed } from '../support/content.ts';
import { createFakeLedger } from '../support/fakes/ledger.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const day = (date: number, hour = 8) => new Date(Date.UTC(2026, 2, date, hour));
const landed = (content: ContentBlob): SettledContent => ({
  ...{ content, state: 'landed', attempts: 1, landingId: 'some-landing' },
  receipt: { records: 3, bytes: 100, sha256: 'ab'.repeat(32) },
});
/** With every member that a receipt can have. */
const wholeReceipt: Receipt = {
  ...{ records: 7, bytes: 12, sha256: 'cd'.repeat(32), faults: 2, faultAt: 5, receivedAt: day(8) },
};
const pending = (content: ContentBlob, changes: Partial<OpenContent> = {}): OpenContent => ({
  ...{ content, state: 'pending', attempts: 1, nextAttemptAt: day(20), code: 'AF50000', receipt: undefined },
  ...changes,
});
const gapOf = (start: Date, changes: Partial<Gap> = {}): Gap => ({
  ...{ contentType: 'Audit.Exchange', reason: 'feedExpired', code: 'AF20055', recordedAt: day(20) },
  ...{ window: { start, end: new Date(start.getTime() + 1000) } },
  ...changes,
});
const landedIds = (contents: readonly ContentBlob[]) =>
  new Map(contents.map(({ contentId }) => [contentId, 'landed']));

describe.each([
  { where: 'in memory', open: createFakeLedger },
  { where: 'on Table Storage', open: () => createLedger(createTables(storage())) },
])('a ledger $where', ({ open }) => {
  it('of a tenant without rows is empty', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    expect(await ledger.known(tenantId, [contentNamed('first', day(1))])).toEqual(new Map());
    expect(await ledger.known(tenantId, [])).toEqual(new Map());
    expect(await ledger.open(tenantId)).toEqual([]);
    expect(await ledger.gaps(tenantId)).toEqual([]);
    expect(await ledger.checkpoints(tenantId)).toEqual([]);
  });

  it('knows settled content, across days and content types, and nothing else', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const settled = [1, 2, 3].flatMap((date) => [
      contentNamed(`a${date}`, day(date)),
      contentNamed(`b${date}`, day(date), 'DLP.All'),
    ]);
    const others = [contentNamed('other', day(2)), contentNamed('a2', day(2), 'Audit.General')];
    await ledger.settle(tenantId, settled.map(landed));
    expect(await ledger.known(tenantId, [...settled, ...others])).toEqual(landedIds(settled));
    expect(await ledger.known(tenantId, settled.slice(1, 2))).toEqual(landedIds(settled.slice(1, 2)));
  });

  it('reads what is settled of one content type in order of publication, across days, with all members', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const at = (date: number, minute: number) => new Date(Date.UTC(2026, 2, date, 8, minute));
    const contents = [at(3, 5), at(1, 0), at(2, 9), at(1, 30)].map((created, n) =>
      contentNamed(`c${n}`, created),
    );
    const rows = contents.map((content) => ({ ...landed(content), code: undefined }));
    const gone: SettledContent = { ...landed(contentNamed('lost', at(2, 9), 'DLP.All')), state: 'gone' };
    await ledger.settle(tenantId, [...rows, gone]);
    await ledger.settle(randomUUID(), [landed(contentNamed('foreign', at(2, 1)))]);
    await ledger.defer(tenantId, [pending(contentNamed('waiting', at(2, 2)))]);
    const read = async (range: Omit<SettledRange, 'contentType'>) => {
      const found: SettledContent[] = [];
      for await (const batch of ledger.settled(tenantId, { contentType: 'Audit.Exchange', ...range }))
        found.push(...batch);
      return found;
    };
    const inOrder = [rows[1], rows[3], rows[2], rows[0]];
    expect(await read({})).toEqual(inOrder);
    expect(await read({ batch: 1 })).toEqual(inOrder);
    expect(await read({ from: at(1, 30), to: at(3, 5) })).toEqual(inOrder.slice(1, 3));
    expect(await read({ from: at(3, 6) })).toEqual([]);
  });

  it('keeps tenants separate', async () => {
    const [ledger, tenantId, foreign] = [open(), randomUUID(), randomUUID()];
    const content = contentNamed('first', day(1));
    await ledger.settle(tenantId, [landed(content)]);
    await ledger.defer(tenantId, [pending(content)]);
    expect(await ledger.known(foreign, [content])).toEqual(new Map());
    expect(await ledger.open(foreign)).toEqual([]);
  });

  it('accepts more than a transaction holds, and a whole day at once', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const contents = Array.from({ length: 250 }, (_, at) =>
      contentNamed(`c${at}`, new Date(day(1).getTime() + at)),
    );
    await ledger.settle(tenantId, contents.map(landed));
    expect(await ledger.known(tenantId, contents)).toEqual(landedIds(contents));
    await ledger.defer(
      tenantId,
      contents.map((content) => pending(content)),
    );
    expect(await ledger.open(tenantId)).toHaveLength(250);
  });

  it('can repeat settle, defer, close and recordGaps without a change', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const content = contentNamed('first', day(1));
    for (let time = 0; time < 2; time++) {
      await ledger.settle(tenantId, [landed(content)]);
      await ledger.defer(tenantId, [pending(content)]);
      await ledger.recordGaps(tenantId, [gapOf(day(1))]);
      await ledger.advance(tenantId, { contentType: 'Audit.Exchange', listedThrough: day(2) });
      expect(await ledger.open(tenantId)).toEqual([pending(content)]);
    }
    expect(await ledger.gaps(tenantId)).toEqual([gapOf(day(1))]);
    for (let time = 0; time < 2; time++) await ledger.close(tenantId, [content]);
    expect(await ledger.open(tenantId)).toEqual([]);
    expect(await ledger.known(tenantId, [content])).toEqual(landedIds([content]));
  });

  it('accepts the same content twice in one call', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const content = contentNamed('first', day(1));
    await ledger.settle(tenantId, [landed(content), landed(content)]);
    expect(await ledger.known(tenantId, [content])).toEqual(landedIds([content]));
    await ledger.defer(tenantId, [pending(content), pending(content)]);
    expect(await ledger.open(tenantId)).toHaveLength(1);
    await ledger.recordGaps(tenantId, [gapOf(day(1)), gapOf(day(1))]);
    expect(await ledger.gaps(tenantId)).toHaveLength(1);
  });

  it('returns open content as deferred, in its newest state', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const [first, second] = [contentNamed('first', day(1)), contentNamed('second', day(2), 'DLP.All')];
    const rejected = pending(second, {
      state: 'rejected',
      attempts: 4,
      code: 'no array',
      receipt: wholeReceipt,
    });
    await ledger.defer(tenantId, [pending(first), pending(second)]);
    await ledger.defer(tenantId, [rejected]);
    expect(await ledger.open(tenantId)).toEqual([pending(first), rejected]);
  });

  it('removes only closed content, and ignores content that was not open', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const [first, second] = [contentNamed('first', day(1)), contentNamed('second', day(1))];
    await ledger.close(tenantId, [first]);
    await ledger.defer(tenantId, [pending(first), pending(second)]);
    await ledger.close(tenantId, [first, contentNamed('third', day(1))]);
    expect(await ledger.open(tenantId)).toEqual([pending(second)]);
  });

  it('keeps gaps of ranges and of content blobs separate, in order of time', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const gaps = [
      gapOf(day(1)),
      gapOf(day(1), { contentType: 'Audit.General' }),
      gapOf(day(1), { contentId: 'first', reason: 'contentGone', code: 'AF20051' }),
      gapOf(day(2), {
        ...{ contentId: 'second', reason: 'contentRejected', code: 'no array' },
        receipt: wholeReceipt,
      }),
    ];
    await ledger.recordGaps(tenantId, gaps);
    const found = await ledger.gaps(tenantId);
    expect(new Set(found)).toEqual(new Set(gaps));
    expect(found.at(-1)).toEqual(gaps.at(-1));
  });

  /** With every member that a gap can have. */
  const givenUp = gapOf(day(2), {
    ...{ contentId: 'second', landingId: 'some-landing', recordedAt: day(20) },
    ...{ reason: 'contentRejected', code: 'no array' },
    receipt: wholeReceipt,
    ...{ contentUri: 'https://manage.office.com/api/v1.0/audit/second', contentExpiration: day(9) },
    ...{ givenUpAt: day(21), givenUpBy: 'key-1', givenUpReason: 'Microsoft says that it is “empty”.\nÜ' },
  });

  it('returns all that a gap says of its content blob, its body, and who gave it up and why', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    expect(Object.keys(wholeReceipt).sort()).toEqual(Object.keys(receiptSchema.shape).sort());
    expect(Object.keys(givenUp).sort()).toEqual(Object.keys(gapSchema.shape).sort());
    await ledger.recordGaps(tenantId, [givenUp]);
    expect(await ledger.gaps(tenantId)).toStrictEqual([givenUp]);
  });

  it('keeps nothing of a gap that is recorded again with less: it is not given up anymore', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const lost = gapOf(day(2), { contentId: 'second', reason: 'contentRejected', code: 'no array' });
    await ledger.recordGaps(tenantId, [givenUp]);
    await ledger.recordGaps(tenantId, [lost]);
    expect(await ledger.gaps(tenantId)).toEqual([lost]);
  });

  it('extends a gap that is recorded again with a later end', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const longer = gapOf(day(1), { window: { start: day(1), end: day(3) } });
    await ledger.recordGaps(tenantId, [gapOf(day(1))]);
    await ledger.recordGaps(tenantId, [longer]);
    expect(await ledger.gaps(tenantId)).toEqual([longer]);
  });

  it('says in which state content was settled', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const contents = [contentNamed('a', day(1)), contentNamed('b', day(1)), contentNamed('c', day(1))];
    const states = ['landed', 'gone', 'rejected'] as const;
    await ledger.settle(
      tenantId,
      contents.map((content, at) => ({ ...landed(content), state: states[at] ?? 'landed' })),
    );
    const expected = contents.map(({ contentId }, at) => [contentId, states[at]] as const);
    expect(await ledger.known(tenantId, contents)).toEqual(new Map(expected));
  });

  it('keeps as landed what another host settles as lost, and returns it', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const [first, second] = [contentNamed('a', day(1)), contentNamed('b', day(1))];
    const third = contentNamed('c', day(1));
    const lost = [first, second, third].map((content): SettledContent => ({
      ...{ content, state: content === third ? 'rejected' : 'gone', attempts: 7, code: 'AF20051' },
    }));
    await ledger.settle(tenantId, [landed(first)]);
    expect(await ledger.settle(tenantId, lost)).toEqual([first]);
    expect(await ledger.settle(tenantId, lost)).toEqual([first]);
    expect(await ledger.known(tenantId, [first, second, third])).toEqual(
      new Map([
        [first.contentId, 'landed'],
        [second.contentId, 'gone'],
        [third.contentId, 'rejected'],
      ]),
    );
    for await (const rows of ledger.settled(tenantId, { contentType: 'Audit.Exchange', to: day(2) }))
      expect(rows.filter(({ state }) => state === 'landed')).toEqual([{ ...landed(first), code: undefined }]);
  });

  it('closes the gap of what was lost when it lands, and keeps those of others', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const [first, second] = [contentNamed('a', day(1)), contentNamed('b', day(1))];
    const both = [first, second].map(({ contentId }) => gapOf(day(1), { contentId, reason: 'contentGone' }));
    await ledger.recordGaps(tenantId, both);
    await ledger.settle(
      tenantId,
      [first, second].map((content) => ({ content, state: 'gone', attempts: 7 })),
    );
    expect(await ledger.settle(tenantId, [landed(first), landed(contentNamed('new', day(1)))])).toEqual([]);
    expect(await ledger.gaps(tenantId)).toEqual([both[1]]);
    expect((await ledger.known(tenantId, [first])).get(first.contentId)).toBe('landed');
  });

  it('is landed whichever of two hosts is faster', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const contents = Array.from({ length: 8 }, (_, at) => contentNamed(`c${at}`, day(1)));
    const gone = contents.map((content): SettledContent => ({ content, state: 'gone', attempts: 7 }));
    await Promise.all([
      ledger.settle(tenantId, gone),
      ledger.settle(tenantId, contents.map(landed)),
      ledger.settle(tenantId, gone),
    ]);
    expect(await ledger.known(tenantId, contents)).toEqual(landedIds(contents));
  });

  it('returns what open content says about its loss', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const content = contentNamed('first', day(1));
    const row = pending(content, { code: 'AF20050', goneSince: day(2), reopened: true });
    await ledger.defer(tenantId, [row]);
    expect(await ledger.open(tenantId)).toEqual([row]);
  });

  it('closes the gaps of content blobs, and no others', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const [first, second] = [contentNamed('first', day(1)), contentNamed('second', day(1))];
    const lost = [first, second].map(({ contentId }) => gapOf(day(1), { contentId, reason: 'contentGone' }));
    await ledger.recordGaps(tenantId, [...lost, gapOf(day(1))]);
    await ledger.closeGaps(tenantId, [first, contentNamed('third', day(1))]);
    const left = await ledger.gaps(tenantId);
    expect(new Set(left.map(({ contentId }) => contentId))).toEqual(new Set([second.contentId, undefined]));
    await ledger.closeGaps(tenantId, [first]);
    expect(await ledger.gaps(tenantId)).toHaveLength(2);
  });

  it('keeps one checkpoint per content type', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    await ledger.advance(tenantId, { contentType: 'Audit.Exchange', listedThrough: day(1) });
    await ledger.advance(tenantId, { contentType: 'DLP.All', listedThrough: day(2) });
    const further = { collectedFrom: day(1) };
    await ledger.advance(tenantId, { contentType: 'Audit.Exchange', listedThrough: day(3), ...further });
    expect(new Set(await ledger.checkpoints(tenantId))).toEqual(
      new Set([
        { contentType: 'Audit.Exchange', listedThrough: day(3), ...further },
        { contentType: 'DLP.All', listedThrough: day(2) },
      ]),
    );
  });

  it('keeps what listings teach, until they teach something else', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const checkpoint = { contentType: 'Audit.Exchange', listedThrough: day(2) } as const;
    const lateness = { counts: [5, 0.25, 0, 0, 0, 1], delays: 1.5, delayedAt: day(1), asOf: day(2) };
    const learned = { measuredFrom: day(1), revisitedThrough: [day(1), day(2)], lateness };
    await ledger.advance(tenantId, { ...checkpoint, ...learned });
    await ledger.advance(tenantId, { ...checkpoint, lateness: undefined, measuredFrom: day(2) });
    const expected = { ...checkpoint, ...learned, measuredFrom: day(2) };
    expect(await ledger.checkpoints(tenantId)).toEqual([expected]);
  });

  it('keeps the mark of a stop until a poll ends it, whatever else is recorded meanwhile', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    const contentType = 'Audit.Exchange';
    const stop = { code: 'AF20023', from: day(1) };
    await ledger.markStopped(tenantId, contentType, stop);
    expect(await ledger.checkpoints(tenantId)).toEqual([]);
    await ledger.advance(tenantId, { contentType, listedThrough: day(1), collectedFrom: day(1) });
    await ledger.markStopped(tenantId, contentType, stop);
    await ledger.advance(tenantId, { contentType, listedThrough: day(2), collectedFrom: undefined });
    const marked = { contentType, listedThrough: day(2), collectedFrom: day(1), stop };
    expect(await ledger.checkpoints(tenantId)).toEqual([marked]);
    await ledger.advance(tenantId, { contentType, listedThrough: day(3), stop: null });
    const running = { contentType, listedThrough: day(3), collectedFrom: day(1) };
    expect(await ledger.checkpoints(tenantId)).toEqual([running]);
    const again = { code: 'AF20011', from: day(3) };
    await ledger.advance(tenantId, { contentType, listedThrough: day(4), stop: again });
    expect(await ledger.checkpoints(tenantId)).toEqual([{ ...running, listedThrough: day(4), stop: again }]);
  });
});

describe.each([
  { where: 'in memory', open: createFakeLedger },
  { where: 'on Table Storage', open: () => createLedger(createTables(storage())) },
])('since when records are kept, $where', ({ open }) => {
  it('is kept at all content types that were listed, whatever else is recorded', async () => {
    const [ledger, tenantId] = [open(), randomUUID()];
    await ledger.markRetained(tenantId, day(1));
    expect(await ledger.checkpoints(tenantId)).toEqual([]);
    for (const contentType of ['Audit.Exchange', 'DLP.All'] as const)
      await ledger.advance(tenantId, { contentType, listedThrough: day(2), collectedFrom: day(1) });
    await ledger.markRetained(tenantId, day(1));
    await ledger.markRetained(tenantId, day(2));
    await ledger.advance(tenantId, { contentType: 'DLP.All', listedThrough: day(3) });
    const kept = { collectedFrom: day(1), retainedFrom: day(2) };
    expect(await ledger.checkpoints(tenantId)).toEqual([
      { contentType: 'Audit.Exchange', listedThrough: day(2), ...kept },
      { contentType: 'DLP.All', listedThrough: day(3), ...kept },
    ]);
  });
});

describe('a checkpoint that an earlier release marked as stopped', () => {
  it('was stopped since its last listing', async () => {
    const tables = createTables(storage());
    const [ledger, tenantId] = [createLedger(tables), randomUUID()];
    const row = { partitionKey: tenantId, rowKey: 'Audit.Exchange', stoppedCode: 'AF20023' };
    await tables.upsertAll('Checkpoints', [{ ...row, listedThrough: day(2).toISOString() }]);
    expect(await ledger.checkpoints(tenantId)).toMatchObject([{ stop: { code: 'AF20023', from: day(2) } }]);
  });
});

describe('an unreachable ledger', () => {
  it('fails, and never looks empty', async () => {
    const ledger = createLedger(createTables(lockedOut(storage())));
    const tenantId = randomUUID();
    await expect(ledger.known(tenantId, [contentNamed('first', day(1))])).rejects.toThrow();
    await expect(ledger.open(tenantId)).rejects.toThrow();
    await expect(ledger.gaps(tenantId)).rejects.toThrow();
    await expect(ledger.checkpoints(tenantId)).rejects.toThrow();
    await expect(ledger.close(tenantId, [contentNamed('first', day(1))])).rejects.toThrow();
  });
});

it('stores settled content in its own columns only, whatever else the caller knows about it', async () => {
  const [tables, tenantId] = [createTables(storage()), randomUUID()];
  const settled = { ...landed(contentNamed('first', day(1))), wasOpen: true, landedAt: day(2) };
  await createLedger(tables).settle(tenantId, [settled]);
  const partition = `${tenantId}_Audit.Exchange_20260301`;
  const [row] = await tables.all('Ledger', { filter: odata`PartitionKey eq ${partition}` });
  expect(row).toMatchObject({ contentId: settled.content.contentId, landingId: 'some-landing', records: 3 });
  expect(Object.keys(row ?? {})).not.toContain('wasOpen');
  expect(Object.keys(row ?? {})).not.toContain('landedAt');
});

it('settles new content with one request per transaction of a day, landed or lost', async () => {
  const [tables, tenantId] = [createTables(storage()), randomUUID()];
  let requests = 0;
  const counted: Tables = {
    ...tables,
    all: (...query) => (requests++, tables.all(...query)),
    transact: (...actions) => (requests++, tables.transact(...actions)),
  };
  const contents = Array.from({ length: 150 }, (_, at) => contentNamed(`c${at}`, day(1 + (at % 2))));
  const gone = contents
    .slice(0, 40)
    .map((content): SettledContent => ({ content, state: 'gone', attempts: 7 }));
  await createLedger(counted).settle(tenantId, [...gone, ...contents.slice(40).map(landed)]);
  expect(requests).toBe(2);
  await createLedger(counted).settle(tenantId, contents.slice(0, 1).map(landed));
  expect(requests).toBe(2 + 4);
});

it('finds with one request which gaps of landed content are to be closed', async () => {
  const [tables, tenantId] = [createTables(storage()), randomUUID()];
  let requests = 0;
  const counted: Tables = {
    ...tables,
    all: (...query) => (requests++, tables.all(...query)),
    remove: (...row) => (requests++, tables.remove(...row)),
  };
  const contents = Array.from({ length: 40 }, (_, at) => contentNamed(`c${at}`, day(1 + (at % 3))));
  const { contentId } = contentNamed('c4', day(2));
  const ledger = createLedger(counted);
  await ledger.recordGaps(tenantId, [gapOf(day(2), { contentId, reason: 'contentGone' })]);
  await ledger.closeGaps(tenantId, contents);
  expect([requests, await tables.all('Gaps', { filter: odata`PartitionKey eq ${tenantId}` })]).toEqual([
    2,
    [],
  ]);
});
