/** Pages of findings hold what a plain loop over all of them finds, and their positions name nothing of other tenants. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FindingStore } from '../../../shared/detection/finding.ts';
import { listFindings } from '../../../shared/detection/list-findings.ts';
import { newTimedId } from '../../../shared/timed-id.ts';
import { findingOf } from '../../support/detection/findings.ts';
import { createFakeFindingStore } from '../../support/fakes/detection.ts';

/** A finding a second, the oldest first, of the tenants with these numbers. */
async function storeWith(tenants: readonly string[], owners: readonly number[]): Promise<FindingStore> {
  const store = createFakeFindingStore();
  const start = Date.UTC(2026, 2, 2, 8);
  for (const [second, owner] of owners.entries())
    await store.create(
      findingOf({ tenantId: tenants[owner] ?? '', findingId: newTimedId(new Date(start + second * 1000)) }),
    );
  return store;
}

/** Sizes of pages, IDs of all findings, and the positions between pages. */
async function allPages(store: Pick<FindingStore, 'list'>, tenants: readonly string[], top: number) {
  const [sizes, ids, positions] = [[] as number[], [] as string[], [] as string[]];
  let after: string | undefined;
  do {
    const { findings, next } = await listFindings(store, tenants, { top, after });
    sizes.push(findings.length);
    ids.push(...findings.map(({ findingId }) => findingId));
    positions.push(...(next === undefined ? [] : [next]));
    after = next;
  } while (after !== undefined);
  return { sizes, ids, positions };
}

const someTenants = (count: number): readonly string[] => Array.from({ length: count }, () => randomUUID());

describe('pages of findings', () => {
  it('hold each finding of the tenants once, newest first, and are full up to the last one', async () => {
    const tenants = someTenants(30);
    const owners = fc.array(fc.nat(tenants.length - 1), { maxLength: 120 });
    const seen = fc.integer({ min: 1, max: tenants.length });
    await fc.assert(
      fc.asyncProperty(owners, seen, fc.integer({ min: 1, max: 40 }), async (all, count, top) => {
        const store = await storeWith(tenants, all);
        const wanted = tenants.slice(0, count);
        const { sizes, ids } = await allPages(store, wanted, top);
        const plain = (await store.list(undefined, {}, 1000)).filter(({ tenantId }) =>
          wanted.includes(tenantId),
        );
        expect(ids).toEqual(plain.map(({ findingId }) => findingId));
        expect(sizes.slice(0, -1).every((size) => size === top)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are not empty for 25 tenants, although thousands of newer findings are those of others', async () => {
    const tenants = someTenants(26);
    const own = Array.from({ length: 50 }, (_, at) => at % 25);
    const store = await storeWith(tenants, [...own, ...Array.from({ length: 4000 }, () => 25)]);
    let reads = 0;
    const counting: Pick<FindingStore, 'list'> = {
      list: (...args) => {
        reads++;
        return store.list(...args);
      },
    };
    const { sizes, ids, positions } = await allPages(counting, tenants.slice(0, 25), 20);
    expect(sizes).toEqual([20, 20, 10]);
    expect(positions.every((position) => ids.includes(position))).toBe(true);
    // Six of all tenants for each page until these are found there, and one or two of each tenant.
    expect(reads).toBeLessThan(3 * (6 + 2 * 25));
  });
});
