/** What a full verification costs: claims and rows are read a thousand at a time, and one by one only where something differs. */
import { beforeAll, describe, expect, it } from 'vitest';
import { nothingVerified } from '../../../shared/verification/verification.ts';
import { verifyTenant } from '../../../shared/verification/verify-tenant.ts';
import { guidOf } from '../index/placed-records.ts';
import {
  createVerificationWorld,
  recordText,
  tenantId,
  type VerificationWorld,
} from './verification-world.ts';

const [landings, each] = [20, 500];
const records = landings * each;
let world: VerificationWorld;

beforeAll(async () => {
  world = createVerificationWorld();
  for (let at = 0; at < landings; at++) {
    const texts = Array.from({ length: each }, (_, line) => recordText(at * each + line));
    await world.deliver([{ name: `blob-${at}`, texts }]);
  }
});

/** Requests for claims and rows, for each thousand records. */
async function costOf() {
  world.requests.claims = world.requests.rows = 0;
  const request = { mode: 'full', to: new Date('2026-03-12T00:00:00Z') } as const;
  let last = nothingVerified;
  for await (last of verifyTenant(world.deps, { tenantId, request, seed: 'a' }, nothingVerified)) continue;
  const { claims, rows } = world.requests;
  const cost = (1000 * (claims + rows)) / records;
  console.info(
    `${records} records: ${claims} requests for claims, ${rows} for rows, ${cost} for 1,000 records`,
  );
  return { cost, counts: last.counts, rows: last.rows };
}

describe('a full verification', () => {
  it('takes at most a request for 100 records when nothing differs', async () => {
    const { cost, counts, rows } = await costOf();
    expect([counts, rows]).toEqual([{}, 5 * records]);
    expect(cost).toBeLessThanOrEqual(10);
  });

  it('compares one by one only the landings of which something differs', async () => {
    world.damage.row = (row) => (row.rowKey.endsWith(guidOf(1234)) ? { ...row, match: {} } : row);
    const { cost, counts } = await costOf();
    expect(counts).toEqual({ rowDiffers: 5 });
    expect(cost).toBeLessThan(200);
  });
});
