/** A search through texts reads the next page while it filters one, and no more pages than it needs. */
import { describe, expect, it } from 'vitest';
import { monthOf } from '../../../shared/index/keys.ts';
import type { RecordIndex } from '../../../shared/index/record-index.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import { withoutEnd } from '../../../shared/query/complete-range.ts';
import { parseFilters } from '../../../shared/query/filters.ts';
import { listRecords } from '../../../shared/query/list-records.ts';
import { whileHoldingPage } from '../../../shared/query/reading/held-texts.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { guidOf, placeRecord, tenantId } from '../index/placed-records.ts';

const records = 3600;

interface Searched {
  readonly pageLimits?: object;
  readonly stored?: number;
  readonly isNeedle?: (at: number) => boolean;
  readonly top?: number;
}

const isNeedleByDefault = (at: number) => at === 450;

/** What a search does, in order: `scan` a page, `filter` a page. */
async function searchFor(text: string, options: Searched = {}) {
  const { pageLimits = {}, stored = records, isNeedle = isNeedleByDefault, top = 10 } = options;
  const index = createFakeRecordIndex();
  for (let at = 0; at < stored; at++) {
    const placed = placeRecord(at, { Id: guidOf(at), UserId: 'ada', Path: isNeedle(at) ? 'needle' : 'hay' });
    for (const { dimension, row } of recordRows(placed, { tenantId, blobName: 'b' }))
      await index.writeRows(tenantId, monthOf(placed.time), dimension, [row]);
  }
  const steps: string[] = [];
  const tokens: (string | undefined)[] = [];
  const scan: RecordIndex['scan'] = (...asked) => {
    steps.push('scan');
    tokens.push(asked[1].token);
    return index.scan(...asked);
  };
  const startTurn = () => {
    steps.push('filter');
    return { isOver: () => false, next: () => Promise.resolve() };
  };
  const deps = {
    ...{ index: { ...index, scan }, raw: createFakeRawStore(), startTurn, pageLimits },
    now: () => new Date('2026-03-10T12:00:00Z'),
  };
  const filters = withoutEnd(parseFilters(new URLSearchParams({ text })));
  const page = await listRecords(deps, { tenantId, filters, top, position: {} });
  return { steps, tokens, found: page.records.length, next: page.next };
}

/** Nothing is read ahead meanwhile. */
const whileOthersHoldPages = async <T>(work: () => Promise<T>): Promise<T> => {
  let end = () => undefined as unknown;
  const held = whileHoldingPage(
    () =>
      new Promise((resolve) => {
        end = () => {
          resolve(undefined);
        };
      }),
  );
  const result = await work();
  end();
  await held;
  return result;
};

/** As it is when each page is filtered before the next one is read. */
const inTurn = (pages: number) => Array.from({ length: pages }, () => ['scan', 'filter']).flat();

describe('a search through texts', () => {
  it('reads the next page while it filters one, once three pages in a row had nothing', async () => {
    const { steps, found } = await searchFor('in no record');
    expect(found).toBe(0);
    const pages = steps.filter((step) => step === 'scan').length;
    expect(pages).toBeGreaterThan(3);
    const ahead = Array.from({ length: pages - 4 }, () => ['scan', 'filter']).flat();
    expect(steps).toEqual([...inTurn(3), 'scan', ...ahead, 'filter']);
  });

  it('finds what is on a page that was read ahead', async () => {
    expect((await searchFor('needle')).found).toBe(1);
  });

  it('lets go of a page that was read ahead when it is not needed at once: each stream could hold one', async () => {
    const { tokens } = await searchFor('needle');
    const again = tokens.filter((token, at) => tokens.indexOf(token) < at);
    expect(again).toHaveLength(1);
  });

  it('reads no page ahead while others hold pages: memory is bounded', async () => {
    const { steps } = await whileOthersHoldPages(() => searchFor('in no record'));
    expect(steps).toEqual(inTurn(steps.length / 2));
  });

  it('reads no page ahead that its budget has no request for', async () => {
    const { steps, next } = await searchFor('in no record', { pageLimits: { scans: 1 } });
    expect(next).toBeDefined();
    expect(steps).toEqual(inTurn(2));
  });

  it.each([500])(
    'costs hardly more requests than without reading ahead with a match every %i rows',
    async (rows) => {
      const sparse = { stored: 6000, isNeedle: (at: number) => at % rows === rows - 1, top: 100 };
      const scans = ({ steps }: { readonly steps: readonly string[] }) =>
        steps.filter((step) => step === 'scan').length;
      const search = () => searchFor('needle', sparse);
      const [without, ahead] = [scans(await whileOthersHoldPages(search)), scans(await search())];
      expect(ahead).toBeLessThanOrEqual(without * 1.1);
    },
  );

  it('reads no page ahead while pages have matches', async () => {
    const { steps } = await searchFor('hay');
    expect(steps).toEqual(inTurn(steps.length / 2));
  });
});
