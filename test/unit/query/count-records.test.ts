/** Counts that come in parts add up to those of a plain loop. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthOf } from '../../../shared/index/keys.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import { countRecords, type CountPart } from '../../../shared/query/count-records.ts';
import type { QueryPosition } from '../../../shared/query/record-page.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { guidOf, placeRecord, tenantId } from '../index/placed-records.ts';

const now = () => new Date('2026-03-10T12:00:00Z');
const raw = createFakeRawStore();

async function indexOf(records: readonly object[]) {
  const index = createFakeRecordIndex();
  for (const [line, fields] of records.entries()) {
    const placed = placeRecord(line, { Id: guidOf(line), ...fields });
    for (const { dimension, row } of recordRows(placed, { tenantId, blobName: 'b' })) {
      await index.writeRows(tenantId, monthOf(placed.time), dimension, [row]);
    }
  }
  return index;
}

async function countAll(
  records: readonly object[],
  { scans, top = 1000 }: { scans: number; top?: number },
): Promise<readonly CountPart[]> {
  const index = await indexOf(records);
  // Small pages, so that few records take many requests.
  const small = {
    ...index,
    scan: (...[tenant, scan]: Parameters<typeof index.scan>) => index.scan(tenant, { ...scan, pageSize: 3 }),
  };
  const deps = { index: small, raw, now, pageLimits: { scans, points: 100, ms: 60_000 } };
  const parts: CountPart[] = [];
  let position: QueryPosition | undefined = {};
  while (position !== undefined) {
    expect(parts.length).toBeLessThan(100);
    const part: CountPart = await countRecords(deps, {
      ...{ tenantId, filters: {}, groupBy: ['user', 'operation'], top, position },
    });
    parts.push(part);
    position = part.next;
  }
  return parts;
}

describe('counts', () => {
  it('of all parts add up, whatever the budget of each', async () => {
    const made = fc.record({
      UserId: fc.constantFrom('ada', 'bo'),
      Operation: fc.constantFrom('Send', 'Move'),
      CreationTime: fc.constantFrom('2026-03-01T09:00:00', '2026-03-01T09:00:01', '2026-02-01T09:00:00'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(made, { maxLength: 30 }),
        fc.integer({ min: -1, max: 4 }),
        async (records, scans) => {
          const wanted = new Map<string, number>();
          for (const { UserId, Operation } of records) {
            wanted.set(`${UserId} ${Operation}`, (wanted.get(`${UserId} ${Operation}`) ?? 0) + 1);
          }
          const counted = new Map<string, number>();
          for (const { groups } of await countAll(records, { scans })) {
            for (const { user, operation, count } of groups) {
              const key = `${user ?? ''} ${operation ?? ''}`;
              counted.set(key, (counted.get(key) ?? 0) + count);
            }
          }
          expect(counted).toEqual(wanted);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('come in parts that say how far back each one reaches', async () => {
    const records = Array.from({ length: 20 }, (_, at) => ({
      ...{ UserId: `user ${at}`, CreationTime: `2026-03-01T09:00:${10 + at}` },
    }));
    const parts = await countAll(records, { scans: 0 });
    expect(parts.length).toBeGreaterThan(1);
    const edges = parts.slice(0, -1).map(({ covers }) => covers.from?.getTime() ?? NaN);
    expect(edges).toEqual(edges.toSorted((a, b) => b - a));
    expect(parts.reduce((sum, { total }) => sum + total, 0)).toBe(20);
  });

  it('of groups beyond those shown are summed up', async () => {
    const records = Array.from({ length: 12 }, (_, at) => ({
      ...{ UserId: `user ${at % 5}`, CreationTime: '2026-03-01T09:00:00' },
    }));
    const [part] = await countAll(records, { scans: 50, top: 2 });
    expect(part).toMatchObject({ total: 12, other: { groups: 3, count: 6 } });
    expect(part?.groups.map(({ count }) => count)).toEqual([3, 3]);
  });
});
