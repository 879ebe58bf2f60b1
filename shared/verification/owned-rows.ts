/** The rows that must be in the index because a landing has the claim of a record. */
import type { DeliveredRecord } from '../index/delivered-records.ts';
import { monthOf } from '../index/keys.ts';
import type { Claim, IndexRow } from '../index/record-index.ts';
import { recordRows } from '../index/rows.ts';
import { timeOfLanding } from '../landing/landing-names.ts';
import { compareRow } from './compare-row.ts';
import { differs, type Comparing } from './comparing.ts';
import type { IndexPlace } from './index-place.ts';
import { sumOf } from './keyed-digest.ts';
import type { ExpectedRow } from './read-expected.ts';

interface Owned {
  readonly placed: DeliveredRecord;
  readonly claim: Claim;
}

/** The rows of the record must exist: they are added up, or added to those that are read. */
export function own(comparing: Comparing, { placed, claim }: Owned, expected: ExpectedRow[]): void {
  const { adding, claims, tally, landing } = comparing;
  tally.indexed++;
  if (claims !== undefined) comparing.owned.sum = sumOf(comparing.owned.sum, claims.digest.ofClaim(claim));
  const month = monthOf(placed.time);
  const landedAt = timeOfLanding(landing.landingId);
  for (const { dimension, row } of recordRows(placed, landing)) {
    const place = { month, dimension };
    comparing.explained?.(place, row.rowKey);
    if (adding?.isAdded(month) !== true) expected.push(expectedRow(comparing, placed, { ...place, row }));
    else {
      adding.balance.add(landedAt, adding.digest.ofRow(place, row));
      tally.rows++;
    }
  }
}

function expectedRow(
  comparing: Comparing,
  placed: DeliveredRecord,
  { month, dimension, row }: IndexPlace & { readonly row: IndexRow },
): ExpectedRow {
  const { tenantId, blobName } = comparing.landing;
  const { record, line } = placed;
  return {
    month,
    dimension,
    rowKey: row.rowKey,
    check: (stored) => {
      const text = dimension === 'time' ? { bytes: record.bytes, at: { blobName, line } } : undefined;
      const fault = compareRow(row, stored, { tenantId, text });
      const table = `${month} ${dimension}`;
      if (fault !== undefined) differs(comparing, fault.kind, placed, { table, detail: fault.detail });
    },
  };
}
