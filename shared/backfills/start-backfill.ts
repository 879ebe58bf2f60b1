/** Starts backfills: one at a time in a tenant. */
import { feedRetentionMs, earlier } from '../activity/windows.ts';
import { invalidParameter, onRefusal, RequestError, type UpstreamError } from '../errors.ts';
import type { Ledger } from '../landing/ledger.ts';
import { startOperation, type StartOperationDeps } from '../operations/start-operation.ts';
import { indexKeptFrom, type Retention } from '../retention/retention.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { AuditSearch } from './audit-search.ts';
import type { Backfill, BackfillState, BackfillStore } from './backfill.ts';
import { planRanges } from './ranges.ts';

export interface StartBackfillDeps extends StartOperationDeps {
  readonly backfills: BackfillStore;
  readonly auditSearch: Pick<AuditSearch, 'ensureAllowed'>;
  readonly ledger: Pick<Ledger, 'checkpoints'>;
  /** Of tenants that have none of their own. */
  readonly retention: Retention;
}

export interface WantedBackfill {
  readonly from: Date;
  /** @default now */
  readonly to?: Date | undefined;
  readonly createdBy: string;
}

/** Microsoft keeps records for 180 days, or for a year where that is licensed. */
const longestMs = 366 * 24 * 60 * 60_000;

/**
 * @throws RequestError 400 for a range that cannot be searched; 409 when the tenant is not collected yet, or the application
 * may not search its audit log
 * @throws OperationInProgressError naming the unfinished one
 */
export async function startBackfill(
  deps: StartBackfillDeps,
  tenant: Tenant,
  { from, to, createdBy }: WantedBackfill,
): Promise<Backfill> {
  const now = deps.now();
  const range = { from, to: to ?? now };
  checkRange(range, now);
  checkKept(from, indexKeptFrom(tenant.retention ?? deps.retention, now));
  const searchTo = earlier(range.to, await searchEnd(deps, tenant, now));
  if (from < searchTo) await deps.auditSearch.ensureAllowed(tenant).catch(onRefusal(refuse));
  const request = { ...range, searchTo };
  const pending = planRanges({ start: from, end: searchTo }, now);
  const state = { ...nothingDone, pending };
  return await startOperation(deps, deps.backfills, { tenantId: tenant.tenantId, createdBy, request, state });
}

function checkRange({ from, to }: { readonly from: Date; readonly to: Date }, now: Date): void {
  if (to > now) throw invalidParameter('to', "'to' must not be in the future; leave it out for now.");
  if (from >= to) throw invalidParameter('from', "'from' must be before 'to', which is not included.");
  if (now.getTime() - from.getTime() > longestMs) {
    const message = "'from' must be within the last 366 days: Microsoft keeps no older records for a search.";
    throw invalidParameter('from', message);
  }
}

/** What is found would be deleted at once. */
function checkKept(from: Date, keptFrom: Date | undefined): void {
  if (keptFrom === undefined || from >= keptFrom) return;
  const first = keptFrom.toISOString();
  const message = `'from' must be ${first} or later: the retention of this tenant deletes older records. Set a longer one first to backfill them.`;
  throw invalidParameter('from', message);
}

/**
 * Since then the feed delivers everything: since its first listing, or for as long as it goes back if that was earlier.
 * @throws RequestError 409 before the first listing
 */
async function searchEnd(
  { ledger }: Pick<StartBackfillDeps, 'ledger'>,
  { tenantId, contentTypes }: Tenant,
  now: Date,
): Promise<Date> {
  const checkpoints = await ledger.checkpoints(tenantId);
  const listed = checkpoints.filter(({ contentType }) => contentTypes.includes(contentType));
  if (listed.length === 0) {
    const message =
      'Collection has not begun in this tenant, so it is unknown what the feed will deliver. Start the backfill after the first poll.';
    throw new RequestError(409, 'CollectionNotStarted', message);
  }
  const begun = listed.map(({ collectedFrom = new Date(0) }) => collectedFrom.getTime());
  return new Date(Math.max(now.getTime() - feedRetentionMs, ...begun));
}

function refuse(refusal: UpstreamError): never {
  const { message, cure, isTransient } = refusal;
  const advice = cure ?? (isTransient ? 'Try again in a few minutes.' : 'See docs/errors.md for the code.');
  const text = `${message} ${advice}`;
  if (isTransient) throw busy(text, refusal);
  throw new RequestError(409, 'BackfillNotPermitted', text, { cause: refusal });
}

function busy(text: string, cause: UpstreamError): RequestError {
  const seconds = Math.ceil((cause.retryAfterMs ?? 60_000) / 1000);
  const headers = { 'Retry-After': String(seconds) };
  return new RequestError(503, 'MicrosoftUnavailable', text, { headers, cause });
}

const nothingDone: BackfillState = {
  pending: [],
  searches: [],
  searched: [],
  whole: [],
  unfinished: [],
  done: 0,
  queries: 0,
  read: 0,
  landed: 0,
  landings: 0,
  refused: {},
};
