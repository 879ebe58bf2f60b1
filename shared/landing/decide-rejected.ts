/** What operators decide about rejected content: to try it again now, or to give it up. */
import { RequestError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import type { WorkQueues } from './work-queues.ts';
import { gapOf, type Gap, type Ledger, type OpenContent, type SettledContent } from './ledger.ts';
import { rejectedContents, type RejectedContent } from './rejected-content.ts';

export interface DecideDeps {
  readonly ledger: Ledger;
  readonly tenants: TenantStore;
  readonly queues: Pick<WorkQueues, 'requestPoll'>;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

export interface RejectedChoice {
  readonly tenantId: string;
  readonly id: string;
  /** Who decides. */
  readonly caller: string;
}

/** @throws RequestError 404 */
export async function findRejected(
  ledger: Pick<Ledger, 'open' | 'gaps'>,
  tenantId: string,
  id: string,
): Promise<RejectedContent> {
  const [open, gaps] = await Promise.all([ledger.open(tenantId), ledger.gaps(tenantId)]);
  const found = rejectedContents(open, gaps).find((one) => one.id === id.trim().toLowerCase());
  if (found !== undefined) return found;
  throw notFound();
}

/**
 * Lets the next poll fetch it, and requests that poll. What is lost is opened again; its gap remains until it lands. If
 * Microsoft no longer serves it, the whole records of the kept body land, unless they have. Polls are excluded while it
 * is opened, as one of them might just have landed it.
 * @throws RequestError 404; 409 while the tenant is polled, for one that no poll collects, and for a row of an earlier release, which does not say where to fetch it
 */
export async function releaseRejected(deps: DecideDeps, choice: RejectedChoice): Promise<RejectedContent> {
  const { tenantId, caller } = choice;
  const { found, open } = await whileNotPolled(deps, tenantId, (tenant) => openAgain(deps, tenant, choice));
  await deps.queues.requestPoll({ version: 1, tenantId, reason: 'registered' });
  const { contentType, contentId } = found.content;
  deps.telemetry('landing.content.released', { tenantId, contentType, contentId, caller });
  return { ...found, state: 'retrying', open };
}

async function openAgain({ ledger, now }: DecideDeps, { state }: StoredTenant, choice: RejectedChoice) {
  if (state !== 'Active') throw notActive(state);
  const { tenantId, id } = choice;
  const found = await findRejected(ledger, tenantId, id);
  const open = { ...reopened(found, now()), nextAttemptAt: now() };
  await ledger.defer(tenantId, [open]);
  return { found, open };
}

function reopened({ open, gap, content, code, receipt }: RejectedContent, nextAttemptAt: Date): OpenContent {
  if (open !== undefined) return open;
  if (gap?.contentUri === undefined || gap.contentExpiration === undefined) {
    const message = 'An earlier release lost this content blob, and did not keep where it can be fetched.';
    throw new RequestError(409, 'ContentAddressUnknown', message);
  }
  const { contentUri, contentExpiration } = gap;
  return {
    content: { ...content, contentUri, contentExpiration },
    state: 'rejected',
    attempts: 0,
    nextAttemptAt,
    code,
    receipt,
    reopened: true,
  };
}

/**
 * Ends its attempts. It stays a hole, with who gave it up and why; releasing it is still possible. Polls are excluded
 * meanwhile, as one of them might just have landed it.
 * @throws RequestError 404; 409 while the tenant is polled
 */
export async function giveUpRejected(
  deps: DecideDeps,
  choice: RejectedChoice & { readonly reason: string },
): Promise<RejectedContent> {
  return await whileNotPolled(deps, choice.tenantId, async () => {
    const { tenantId, id, caller, reason } = choice;
    const found = await findRejected(deps.ledger, tenantId, id);
    const gap = {
      ...gapFor(found, deps.now()),
      givenUpAt: deps.now(),
      givenUpBy: caller,
      givenUpReason: reason,
    };
    // The gap first: after a crash in between it is a hole, and still open.
    await deps.ledger.recordGaps(tenantId, [gap]);
    const { open, code, receipt } = found;
    if (open !== undefined) {
      const { content, attempts } = open;
      await settleGivenUp(deps.ledger, tenantId, { content, state: 'rejected', attempts, code, receipt });
    }
    const { contentType, contentId } = found.content;
    deps.telemetry('landing.content.givenUp', { tenantId, contentType, contentId, caller });
    return { ...found, state: 'givenUp', open: undefined, gap };
  });
}

/** @throws RequestError 404 if a poll that took longer than its lease has landed it */
async function settleGivenUp(ledger: Ledger, tenantId: string, givenUp: SettledContent): Promise<void> {
  const landed = await ledger.settle(tenantId, [givenUp]);
  if (landed.length > 0) await ledger.closeGaps(tenantId, landed);
  await ledger.close(tenantId, [givenUp.content]);
  if (landed.length > 0) throw notFound();
}

function gapFor({ gap, open, code, receipt }: RejectedContent, recordedAt: Date): Gap {
  if (open === undefined && gap !== undefined) return gap;
  if (open === undefined) throw new Error('Rejected content is open, or has a gap.');
  return gapOf(open.content, { reason: 'contentRejected', code, recordedAt, receipt });
}

/** Long enough for a few writes to storage. */
const leaseMs = 60_000;

async function whileNotPolled<T>(
  { tenants, now }: DecideDeps,
  tenantId: string,
  decide: (tenant: StoredTenant) => Promise<T>,
): Promise<T> {
  const until = new Date(now().getTime() + leaseMs);
  const tenant = await tenants.get(tenantId);
  if (tenant === undefined || !(await tenants.lease(tenant, until, now()))) throw busy();
  try {
    return await decide(tenant);
  } finally {
    await returnLease(tenants, tenant, { until, now: now() });
  }
}

/** Unless it is another holder's by now. */
async function returnLease(
  tenants: TenantStore,
  { tenantId }: StoredTenant,
  { until, now }: { readonly until: Date; readonly now: Date },
): Promise<void> {
  const tenant = await tenants.get(tenantId);
  if (tenant?.leasedUntil?.getTime() !== until.getTime()) return;
  await tenants.updateIfUnchanged(tenant, { leasedUntil: now });
}

function notFound(): RequestError {
  const message = 'This tenant has no such rejected body. It may have landed since. Check tenant and ID.';
  return new RequestError(404, 'RejectedBodyNotFound', message);
}

function notActive(state: StoredTenant['state']): RequestError {
  const message = `The tenant is ${state}, so no poll would fetch it. Make the tenant Active first; see its checks.`;
  return new RequestError(409, 'TenantNotActive', message);
}

function busy(): RequestError {
  const message = 'The tenant is being polled, which may land this content blob. Try again in a minute.';
  return new RequestError(409, 'TenantBusy', message, { headers: { 'Retry-After': '60' } });
}
