/** A landing as a verification finds it in storage. */
import type { LandingRow } from '../landing/landing.ts';
import { rawBlobName, timeOfLanding } from '../landing/landing-names.ts';
import type { Difference, DifferenceKind } from './difference.ts';

/** It has a row, a raw blob, or both. */
export interface StoredLanding {
  readonly tenantId: string;
  readonly landingId: string;
  readonly row?: LandingRow | undefined;
  readonly hasBlob: boolean;
}

type LandingKey = Pick<StoredLanding, 'tenantId' | 'landingId'>;

export function blobNameOf({ tenantId, landingId }: LandingKey): string {
  return rawBlobName(tenantId, timeOfLanding(landingId), landingId);
}

/** It waits for the indexer. */
export function isPending({ row }: Pick<StoredLanding, 'row'>): boolean {
  return row !== undefined && row.counts === undefined;
}

export function differenceIn(
  landing: LandingKey,
  kind: DifferenceKind,
  more: Partial<Difference> = {},
): Difference {
  return { kind, landingId: landing.landingId, blobName: blobNameOf(landing), ...more };
}
