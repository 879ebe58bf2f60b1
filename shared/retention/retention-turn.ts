/** A tenant's turn in a run of the retention: what it may delete, and how far it came. */
import { isDeepStrictEqual } from 'node:util';
import type { FindingStore } from '../detection/finding.ts';
import type { RecordIndex } from '../index/record-index.ts';
import type { Ledger } from '../landing/ledger.ts';
import type { RawNames } from '../landing/raw-store.ts';
import { holdIn, type LegalHolds } from '../offboarding/legal-hold.ts';
import type { Telemetry } from '../telemetry.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import type { OldClaims, RawRemoval } from './old-data.ts';
import type { Retention, RetentionProgress } from './retention.ts';

export interface ApplyRetentionDeps {
  readonly tenants: Pick<TenantStore, 'list' | 'get' | 'updateIfUnchanged'>;
  readonly ledger: Pick<Ledger, 'markRetained'>;
  readonly legalHolds: Pick<LegalHolds, 'events'>;
  readonly index: Pick<RecordIndex, 'months' | 'dropMonth'>;
  readonly oldClaims: OldClaims;
  readonly findings: Pick<FindingStore, 'removeBefore'>;
  readonly rawNames: RawNames;
  readonly rawRemoval: RawRemoval;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  /** Of tenants that have none of their own. */
  readonly retention: Retention;
}

export interface Turn extends ApplyRetentionDeps {
  readonly tenantId: string;
  /** That of the tenant when its turn began. */
  readonly tenantRetention: Retention | undefined;
  /** Records before this moment are deleted. */
  readonly before: Date;
  /** Aborted when the others should have their turns. */
  readonly slice: Pick<AbortSignal, 'aborted'>;
  readonly progress: () => RetentionProgress;
  readonly advance: (progress: RetentionProgress) => void;
}

/** Polls change the row of a tenant all the time. */
const saveAttempts = 10;

/** @param of the tenant as it was read, and what its retention asks for now */
export function openTurn(
  deps: ApplyRetentionDeps,
  { tenant, ...of }: Pick<Turn, 'before' | 'slice'> & { readonly tenant: StoredTenant },
): Turn {
  const { tenantId, retention: tenantRetention, retentionProgress = {} } = tenant;
  let progress = retentionProgress;
  return {
    ...deps,
    ...of,
    tenantId,
    tenantRetention,
    progress: () => progress,
    advance: (next) => void (progress = next),
  };
}

/** Asked before each piece: a hold may have been placed, or another retention set, since the last one. */
export async function mayDelete(turn: Turn): Promise<boolean> {
  return !turn.slice.aborted && !(await isHeld(turn)) && (await unchanged(turn)) !== undefined;
}

export async function isHeld({ legalHolds, tenantId }: Turn): Promise<boolean> {
  return holdIn(await legalHolds.events(tenantId)) !== undefined;
}

/** The tenant, if it still has this retention, is not being removed, and no other run deletes as well. */
export async function unchanged(turn: Turn): Promise<StoredTenant | undefined> {
  const tenant = await turn.tenants.get(turn.tenantId);
  if (tenant === undefined || tenant.state === 'Removing') return undefined;
  const { retention, retentionProgress = {} } = tenant;
  const isSame =
    isDeepStrictEqual(retention, turn.tenantRetention) &&
    isDeepStrictEqual(retentionProgress, turn.progress());
  return isSame ? tenant : undefined;
}

/** False, with nothing saved, if another run or another retention overtook this one. @throws when storage fails */
export async function saveProgress(turn: Turn, retentionProgress: RetentionProgress): Promise<boolean> {
  for (let attempt = 0; attempt < saveAttempts; attempt++) {
    const tenant = await unchanged(turn);
    if (tenant === undefined) return false;
    if (!(await turn.tenants.updateIfUnchanged(tenant, { retentionProgress }))) continue;
    turn.advance(retentionProgress);
    return true;
  }
  throw new Error(`The row of ${turn.tenantId} changes too often to save how far its retention came.`);
}
