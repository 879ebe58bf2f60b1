/** Compares records that the index has because of another line, or another landing. */
import { toClaim } from '../index/claim-records.ts';
import type { DeliveredRecord } from '../index/delivered-records.ts';
import { dateOfInverted, monthOf, positionKey } from '../index/keys.ts';
import { unpackSummary } from '../index/packing.ts';
import type { Claim } from '../index/record-index.ts';
import { differs, type Comparing, type Duplicate } from './comparing.ts';
import type { ExpectedRow } from './read-expected.ts';

/** Another landing was first: it exists, and the record is found under the time that it was claimed for. */
export async function rowOfOther(
  comparing: Comparing,
  placed: DeliveredRecord,
  holder: Claim,
): Promise<readonly ExpectedRow[]> {
  const { landing, landedAt, repeated } = comparing;
  if (holder.landing === comparing.number) {
    repeated.push({ placed, holder });
    return [];
  }
  const ownerLandedAt = await landedAt(holder.landing);
  if (ownerLandedAt === undefined) {
    differs(comparing, 'ownerMissing', placed);
    return [];
  }
  const time = dateOfInverted(holder.inverted);
  const [month, rowKey] = [monthOf(time), positionKey(time, placed.id)];
  const table = `${month} time`;
  return [
    {
      month,
      dimension: 'time',
      rowKey,
      check: (stored) => {
        if (stored === undefined) comparing.notFound.push({ placed, owner: holder.landing, month, rowKey });
        else if (!isLandedAt(stored.summary, landing.tenantId, ownerLandedAt))
          differs(comparing, 'claimDiffers', placed, { table, detail: 'landing' });
      },
    },
  ];
}

/** Claims come before rows: an owner that waits for the indexer, or was indexed a moment ago, lacks nothing. */
export async function compareNotFound(
  comparing: Comparing,
  { placed, owner, month, rowKey }: Duplicate,
): Promise<void> {
  if (await comparing.isWaiting(owner)) return;
  const { tenantId } = comparing.landing;
  const place = { month, dimension: 'time', from: rowKey, through: rowKey, limit: 1 } as const;
  if ((await comparing.index.wholeRows(tenantId, place)).length > 0) return;
  differs(comparing, 'rowMissing', placed, { table: `${month} time`, detail: 'of a duplicate' });
}

function isLandedAt(summary: Uint8Array, tenantId: string, landedAt: Date): boolean {
  try {
    return unpackSummary(summary, tenantId).ingestedDateTime.getTime() === landedAt.getTime();
  } catch {
    return false;
  }
}

/** A duplicate within the landing: the line that has the claim is the same record. */
export function compareRepeated(comparing: Comparing): void {
  const { contents, landing } = comparing;
  for (const { placed, holder } of comparing.repeated)
    if (contents[holder.line] !== toClaim(placed, landing.landingId).content)
      differs(comparing, 'claimDiffers', placed, { detail: 'line' });
}
