/** Which records of a landing are new: every record has one owner, however often and by whomever it is delivered. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimRecords } from '../../../shared/index/claim-records.ts';
import type { DeliveredRecord } from '../../../shared/index/delivered-records.ts';
import type { RecordIndex } from '../../../shared/index/record-index.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { guidOf, placeRecord, tenantId } from './placed-records.ts';

const madeUp = /^x-[0-9a-f]{32}$/;
const time = { CreationTime: '2026-03-02T09:00:00' };

function record(line: number, id: number, fields: object = {}): DeliveredRecord {
  return placeRecord(line, { Id: guidOf(id), ...time, ...fields });
}

async function claim(index: RecordIndex, landingId: string, batch: readonly DeliveredRecord[]) {
  const owned = await claimRecords({ index, tenantId, landingId }, batch);
  return owned.map(({ id, line }) => ({ id, line })).sort((a, b) => a.line - b.line);
}

describe('claiming records', () => {
  it('returns all new records', async () => {
    const batch = Array.from({ length: 100 }, (_, line) => record(line, line));
    expect(await claim(createFakeRecordIndex(), 'one', batch)).toEqual(
      batch.map(({ id, line }) => ({ id, line })),
    );
  });

  it('returns nothing that another landing brought, whatever the order of its members', async () => {
    const index = createFakeRecordIndex();
    await claim(index, 'one', [record(0, 1, { a: 1, b: 2 }), record(1, 2)]);
    const again = [record(5, 1, { b: 2, a: 1 }), record(6, 2), record(7, 3)];
    expect(await claim(index, 'two', again)).toEqual([{ id: guidOf(3), line: 7 }]);
  });

  it('returns the same at a second attempt', async () => {
    const index = createFakeRecordIndex();
    await claim(index, 'before', [record(0, 1, { n: 'first' }), record(1, 9)]);
    const batch = [record(0, 1, { n: 'second' }), record(1, 9), record(2, 3), record(3, 3)];
    const first = await claim(index, 'one', batch);
    expect(first.map(({ line }) => line)).toEqual([0, 2]);
    expect(await claim(index, 'one', batch)).toEqual(first);
  });

  it('leaves a record under the time that it was claimed for, whatever a later release reads in it', async () => {
    const index = createFakeRecordIndex();
    const { delivery, ...placed } = record(0, 1);
    const before = { ...placed, delivery, time: delivery.contentCreated };
    await claim(index, 'one', [before]);
    const again = await claimRecords({ index, tenantId, landingId: 'one' }, [{ ...placed, delivery }]);
    expect(again).toMatchObject([{ time: delivery.contentCreated, createdSource: 'contentCreated' }]);
  });

  it('keeps a record whose id another one has under an id derived from its content', async () => {
    const index = createFakeRecordIndex();
    await claim(index, 'one', [record(0, 1, { n: 'first' })]);
    const [other, ...rest] = await claim(index, 'two', [record(4, 1, { n: 'second' })]);
    expect([other?.line, rest]).toEqual([4, []]);
    expect(other?.id).toMatch(madeUp);
    expect(await claim(index, 'three', [record(0, 1, { n: 'second' })])).toEqual([]);
  });

  it('returns the same content once and other contents separately within one batch', async () => {
    const batch = [
      record(0, 1),
      record(1, 1),
      record(2, 1, { n: 1 }),
      record(3, 1, { n: 1 }),
      record(4, 1, { n: 2 }),
    ];
    const owned = await claim(createFakeRecordIndex(), 'one', batch);
    expect(owned.map(({ line }) => line)).toEqual([0, 2, 4]);
    expect(owned.map(({ id }) => madeUp.test(id))).toEqual([false, true, true]);
  });

  it('assigns a record to exactly one of two landings that bring it at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(30), { maxLength: 20 }),
        fc.uniqueArray(fc.nat(30), { maxLength: 20 }),
        fc.infiniteStream(fc.boolean()),
        async (ones, others, turns) => {
          const index = createFakeRecordIndex();
          const slow = interleaved(index, turns);
          const batchOf = (ids: readonly number[]) => ids.map((id, line) => record(line, id, { n: id % 3 }));
          const claimed = await Promise.all([
            claim(slow, 'one', batchOf(ones)),
            claim(slow, 'two', batchOf(others)),
          ]);
          const ids = claimed.flat().map(({ id }) => id);
          const wanted = [...new Set([...ones, ...others])].map(guidOf);
          expect(ids.toSorted()).toEqual(wanted.toSorted());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps every content exactly once, however deliveries are batched', async () => {
    const delivered = fc.array(fc.tuple(fc.nat(5), fc.nat(3)), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(delivered, { maxLength: 6 }), async (landings) => {
        const index = createFakeRecordIndex();
        const owned: string[] = [];
        for (const [at, landing] of landings.entries()) {
          const batch = landing.map(([id, n], line) => record(line, id, { n }));
          for (const { line } of await claim(index, `landing ${at}`, batch)) {
            owned.push(JSON.stringify(landing[line]));
          }
        }
        expect(owned.toSorted()).toEqual(
          [...new Set(landings.flat().map((one) => JSON.stringify(one)))].sort(),
        );
      }),
      { numRuns: 200 },
    );
  });

  const found = (line: number, fields: object = {}) => {
    const { delivery, ...placed } = record(line, 1, fields);
    return { ...placed, delivery: { ...delivery, source: 'backfill' as const } };
  };

  it('takes what a backfill found for a record that is there, however Microsoft spells it', async () => {
    const index = createFakeRecordIndex();
    await claim(index, 'feed', [record(0, 1, { n: 'feed' })]);
    expect(
      await claim(index, 'backfill', [found(0, { n: 1, CreationTime: '2026-03-02T09:00:00.000Z' })]),
    ).toEqual([]);
  });

  it('takes what the feed delivers later for what a backfill found before', async () => {
    const index = createFakeRecordIndex();
    expect(await claim(index, 'backfill', [found(0), found(1, { n: 1 })])).toEqual([
      { id: guidOf(1), line: 0 },
    ]);
    expect(await claim(index, 'feed', [record(0, 1, { n: 'feed' })])).toEqual([]);
    expect(await claim(index, 'backfill', [found(0), found(1, { n: 1 })])).toEqual([
      { id: guidOf(1), line: 0 },
    ]);
  });

  it('keeps what a backfill found with the id of a record of another time', async () => {
    const index = createFakeRecordIndex();
    await claim(index, 'feed', [record(0, 1)]);
    const other = [found(0, { CreationTime: '2026-03-02T09:00:01' })];
    expect((await claim(index, 'backfill', other)).map(({ id }) => madeUp.test(id))).toEqual([true]);
    expect(await claim(index, 'another backfill', other)).toEqual([]);
  });

  it('fails when storage fails', async () => {
    const index: RecordIndex = {
      ...createFakeRecordIndex(),
      createClaims: () => Promise.reject(new Error('storage is away')),
    };
    await expect(claim(index, 'one', [record(0, 1)])).rejects.toThrow('storage is away');
  });
});

/** Lets the two callers overtake each other between any two steps. */
function interleaved(index: RecordIndex, turns: fc.Stream<boolean>): RecordIndex {
  const pause = async () => {
    while (turns.next().value === true) await Promise.resolve();
  };
  return {
    ...index,
    createClaims: async (...args) => {
      await pause();
      return await index.createClaims(...args);
    },
    readClaims: async (...args) => {
      await pause();
      return await index.readClaims(...args);
    },
  };
}
