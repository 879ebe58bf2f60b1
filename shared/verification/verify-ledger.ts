/** Checks that every landing which the ledger names exists. */
import type { ContentType } from '../activity/content-types.ts';
import { landingNumber } from '../index/claim-records.ts';
import { timeOfLanding } from '../landing/landing-names.ts';
import type { Ledger, SettledRange } from '../landing/ledger.ts';
import type { Difference } from './difference.ts';
import type { LandingIndex } from './landing-index.ts';

export interface VerifyLedgerDeps {
  readonly ledger: Pick<Ledger, 'settled'>;
  readonly landingIndex: LandingIndex;
}

/** Of the landings that are verified: landed in [from, to). */
interface Landed {
  readonly tenantId: string;
  readonly from?: Date | undefined;
  readonly to: Date;
}

/** Rows of one content type, published in a range of time. */
export async function verifyLedger(
  { ledger, landingIndex }: VerifyLedgerDeps,
  { tenantId, from, to }: Landed,
  range: SettledRange & { readonly contentType: ContentType },
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for await (const batch of ledger.settled(tenantId, range))
    for (const { state, landingId, content } of batch) {
      if (state !== 'landed') continue;
      const { contentId } = content;
      const landedAt = landingId === undefined ? undefined : timeOfLanding(landingId);
      const isOther = landedAt !== undefined && (landedAt >= to || (from !== undefined && landedAt < from));
      if (isOther) continue;
      const number = landingNumber(landingId ?? '');
      if ((await landingIndex.landedAt(number)) === undefined)
        differences.push({ kind: 'landingMissing', landingId, contentId });
    }
  return differences;
}
