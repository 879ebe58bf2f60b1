/** `retention`: shows how long data of a tenant is kept, or sets it. */
import { flawOfRetention, indexKeptFrom, type Retention } from '../../shared/retention/retention.ts';
import type { Outcome } from '../command-line/context.ts';
import { UsageError } from '../command-line/failure.ts';
import type { Session, Tenant } from './api.ts';
import { nameOf, toMinute } from './describe-tenant.ts';
import { findTenantId } from './find-tenant.ts';

interface RetentionOptions extends Retention {
  /** Keeps everything. */
  readonly forever?: boolean;
  /** Without it no limit is set. */
  readonly yes?: boolean;
}

/** Without a limit and `forever` only shows it. @throws Failure */
export async function retention(
  { api, now }: Session,
  named: string,
  { forever = false, yes = false, ...wanted }: RetentionOptions,
): Promise<Outcome> {
  const flaw = flawOfRetention(wanted);
  if (flaw !== undefined) throw new UsageError(`--raw-days ${flaw}`);
  const tenantId = await findTenantId(api, named);
  // Before it is set: registering a tenant that is not registered would onboard it.
  const { value: tenant, body } = await api.getTenant(tenantId);
  const isLimit = wanted.indexMonths !== undefined;
  if (!isLimit && !forever) return { exitCode: 0, answer: body, text: describe(tenant) };
  if (isLimit && !yes) return { exitCode: 2, answer: body, text: describeIntent(tenant, wanted, now()) };
  const set = await api.addTenant({ tenantId, retention: wanted });
  return { exitCode: 0, answer: set.body, text: describe(set.value) };
}

function describe(tenant: Tenant): string {
  const { retainedFromDateTime: from, retention: its } = tenant;
  return [
    its === undefined
      ? `${nameOf(tenant)} keeps its data as the settings of the app say: forever, unless AUDITKEEP_INDEX_MONTHS is set.`
      : `${nameOf(tenant)} ${describeLimits(its)}.`,
    from !== undefined && `Records before ${toMinute(from)} are deleted, or about to be.`,
    tenant.legalHold && onHold,
  ]
    .filter(Boolean)
    .join('\n');
}

const onHold = 'It is under legal hold: nothing is deleted until that is lifted.';

function describeLimits({ indexMonths, rawDays }: Retention): string {
  const records = indexMonths === undefined ? 'forever' : `for ${indexMonths} months before the current one`;
  return `keeps records ${records}, and raw blobs ${rawDays === undefined ? 'forever' : `for ${rawDays} days`}`;
}

function describeIntent(tenant: Tenant, wanted: Retention, now: Date): string {
  const before = toMinute(indexKeptFrom(wanted, now)?.toISOString() ?? '');
  return [
    describe(tenant),
    `This would permanently delete its records before ${before}, every day from tomorrow on: it ${describeLimits(wanted)}.`,
    'Nothing was done: add --yes to do it.',
  ].join('\n');
}
