/** Opens a stream of all records of one tenant that pass filters. */
import type { Access, Caller } from '../access/access.ts';
import type { LineFormat } from './export.ts';
import { streamRecords, type StreamRecordsDeps } from './stream-records.ts';
import type { PacedBody } from '../http/paced-body.ts';
import type { ApiInvocation } from '../http/request.ts';
import { endOfComplete, withEnd } from '../query/complete-range.ts';
import { missingIn, type Completeness } from '../query/completeness.ts';
import type { AskedFilters } from '../query/filters.ts';
import type { StoredTenant } from '../tenants/tenant.ts';

export interface StreamDeps extends StreamRecordsDeps {
  readonly access: Pick<Access, 'continueQuery'>;
  readonly pacedBody: PacedBody;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

interface StreamRequest {
  readonly invocation: ApiInvocation;
  readonly caller: Caller;
  readonly tenant: StoredTenant;
  readonly filters: AskedFilters;
  readonly format: LineFormat;
}

/** Reads the first page before it resolves. @throws when storage fails */
export async function openStream(
  deps: StreamDeps,
  { invocation, caller, tenant, filters: asked, format }: StreamRequest,
) {
  const completeness = await deps.completeness(tenant);
  const { tenantId } = tenant;
  const now = deps.now();
  const filters = withEnd(asked, endOfComplete(asked, completeness.completeThrough));
  const inTurn = <T>(work: () => Promise<T>) => deps.access.continueQuery(caller, work);
  const { completeThrough } = completeness;
  const form = { format, bom: false };
  const streamed = await streamRecords(deps, { tenantId, filters, completeThrough, ...form, inTurn });
  const missing = missingIn(completeness, { from: filters.from, to: filters.to ?? now });
  return {
    body: deps.pacedBody(invocation.invocationId, streamed.body),
    mediaType: streamed.format.mediaType,
    headers: {
      'x-auditkeep-complete-through': completeThrough?.toISOString() ?? '',
      'x-auditkeep-is-partial': String(missing.isPartial),
      'x-auditkeep-is-pending': String(missing.isPending),
      'x-auditkeep-has-gaps': String(missing.hasGaps),
    },
  };
}
