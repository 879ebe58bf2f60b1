/** Which landings a tenant has, as a verification knows them while more arrive. */
import { describe, expect, it } from 'vitest';
import { landingNumber } from '../../../shared/index/claim-records.ts';
import { landingIdOf, timeOfLanding } from '../../../shared/landing/landing-names.ts';
import type { LandingRow } from '../../../shared/landing/landing.ts';
import { createLandingIndex } from '../../../shared/verification/landing-index.ts';
import { minuteMs } from '../../support/clock.ts';

const tenantId = '11111111-2222-4333-8444-555555555555';
const begin = Date.UTC(2026, 2, 10);
const idAt = (minute: number) => landingIdOf(new Date(begin + minute * minuteMs), [], minute);

/** A tenant whose landings are added by the test; counts the requests for all IDs. */
function createLandings() {
  const landingIds: string[] = [];
  const reads = { all: 0 };
  const rowOf = (landingId: string): LandingRow => ({
    ...{ landingId, blobName: landingId, landedAt: timeOfLanding(landingId), records: 1, bytes: 1 },
    ...{ contentBlobs: 1, oldestContent: timeOfLanding(landingId) },
  });
  const index = createLandingIndex(
    {
      async *ids() {
        reads.all++;
        yield await Promise.resolve([...landingIds]);
      },
      rows: async (_, { from, to, limit }) => {
        const found = landingIds.filter((id) => id >= from && id < to).toSorted();
        return await Promise.resolve(found.slice(0, limit).map(rowOf));
      },
    },
    tenantId,
  );
  return { index, reads, add: (minute: number) => landingIds.push(idAt(minute)) };
}

describe('the landings that a verification knows', () => {
  it('are those that land while it runs, however many, without reading all IDs each time', async () => {
    const { index, reads, add } = createLandings();
    add(0);
    for (let minute = 1; minute <= 100; minute++) {
      add(minute);
      const landedAt = timeOfLanding(idAt(minute));
      if (minute % 2 === 0) expect(await index.hasTime(landedAt)).toBe(true);
      else expect(await index.landedAt(landingNumber(idAt(minute)))).toEqual(landedAt);
    }
    expect(reads.all).toBe(1);
    expect(await index.times()).toHaveLength(101);
  });

  it('are those of hosts whose clocks are behind, however many', async () => {
    const { index, add } = createLandings();
    for (let minute = 6000; minute > 0; minute -= 100) {
      add(minute);
      expect(await index.landedAt(landingNumber(idAt(minute)))).toEqual(timeOfLanding(idAt(minute)));
    }
  });

  it('are all read again for one that is missing, but not for each of many', async () => {
    const { index, reads, add } = createLandings();
    add(0);
    for (let landing = 0n; landing < 100n; landing++) expect(await index.landedAt(landing)).toBeUndefined();
    expect(reads.all).toBeLessThan(30);
    add(1);
    expect(await index.landedAt(landingNumber(idAt(1)))).toEqual(timeOfLanding(idAt(1)));
  });
});
