/** What all phases of a verification share. */
import type { LandingChain } from '../evidence/chain.ts';
import type { ClaimPages, RecordIndex } from '../index/record-index.ts';
import type { LandingRows } from '../landing/landing.ts';
import type { Retained } from '../retention/retention.ts';
import { dayOf } from '../utc-day.ts';
import type { CompareLandingDeps } from './compare-landing.ts';
import type { Difference } from './difference.ts';
import { addFindings, findingsOf, type Findings } from './findings.ts';
import type { LandingIndex } from './landing-index.ts';
import type { StoredLandingsDeps } from './stored-landings.ts';
import type { VerificationProgress, VerificationRequest } from './verification.ts';

export interface VerifyTenantDeps
  extends
    Omit<CompareLandingDeps, 'landedAt' | 'isWaiting' | 'adding' | 'claims' | 'explained'>,
    StoredLandingsDeps {
  readonly chain: LandingChain;
  readonly landingRows: LandingRows;
  readonly index: CompareLandingDeps['index'] & Pick<RecordIndex, 'months'> & ClaimPages;
}

export interface Verifying {
  readonly tenantId: string;
  /** What its retention has deleted, or is about to. */
  readonly retained?: Retained | undefined;
  readonly request: VerificationRequest;
  /** Selects the sample, unless the request does. */
  readonly seed: string;
}

export interface Steps extends VerifyTenantDeps, Verifying {
  readonly landingIndex: LandingIndex;
}

/** Named in the state of an operation: about 100 KB, compressed much less. */
const maxListed = 500;

export function withFindings(progress: VerificationProgress, findings: Findings): VerificationProgress {
  return { ...progress, ...addFindings(progress, findings, maxListed) };
}

export function withDifferences(
  progress: VerificationProgress,
  differences: readonly Difference[],
): VerificationProgress {
  return withFindings(progress, findingsOf(differences));
}

/** Whether what landed then is verified. */
export function isInRange({ request: { from, to } }: Steps, landedAt: Date): boolean {
  return landedAt < to && (from === undefined || landedAt >= from);
}

/** The retention says which days of landing it deletes before it does: what is missing of others is lost. */
export function isWithoutText({ retained }: Steps, landedAt: Date): boolean {
  return retained?.rawFrom !== undefined && dayOf(landedAt) < retained.rawFrom;
}
