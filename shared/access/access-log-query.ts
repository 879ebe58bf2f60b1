/** The query parameters of the access log, parsed strictly. */
import * as z from 'zod';
import { invalidParameter } from '../errors.ts';
import { withParameter } from '../http/address-length.ts';
import { momentParameter, once } from '../http/parameters.ts';
import { continuedAfter, positionIn, positionParameters } from '../http/positions.ts';
import { tenantNameSchema } from '../tenants/tenant-name.ts';
import type { AccessLogEntry, AccessLogQuery } from './access-log.ts';

const maxDays = 366;
const defaultDays = 7;
const dayMs = 24 * 60 * 60_000;
const position = /^\d{13}_[0-9a-f-]{36}(_[0-9a-f-]{36})?$/;

/** The query parameters of the access log. */
export const accessLogParameters = z.strictObject({
  tenant: once(tenantNameSchema).optional().meta({
    title: 'Tenant ID',
    description: 'Calls about this tenant: its ID, or one of its domains.',
  }),
  caller: once(z.string().min(1, 'is empty').max(128, 'is longer than 128 characters'))
    .optional()
    .meta({ title: 'Caller', description: 'Calls of this caller, such as the ID of a client key.' }),
  from: momentParameter({
    title: 'From',
    description: `Inclusive; by default ${defaultDays} days before 'to'.`,
  }),
  to: momentParameter({ title: 'To', description: 'Exclusive; by default now.' }),
  ...positionParameters,
});

/**
 * Converts parsed parameters to a query. The default range is the last seven days.
 * @throws RequestError 400 for a range that is empty or too wide, or for an invalid skip token
 */
export function toAccessLogQuery(
  { caller, top, skiptoken, ...range }: Omit<z.output<typeof accessLogParameters>, 'tenant'>,
  now: Date,
): Omit<AccessLogQuery, 'onlyInsiders' | 'tenantId'> {
  const to = range.to ?? now;
  const from = range.from ?? new Date(to.getTime() - defaultDays * dayMs);
  const days = (to.getTime() - from.getTime()) / dayMs;
  if (days <= 0) throw invalidParameter('to', "'to' must be later than 'from'.");
  if (days > maxDays) {
    throw invalidParameter('from', `The range between 'from' and 'to' cannot exceed ${maxDays} days.`);
  }
  const after = positionIn(skiptoken, position);
  return { from, to, caller, top, after };
}

/**
 * The address of the next page. The range is pinned so that pages do not shift as time passes, and a tenant that was
 * named has its ID.
 */
export function nextAddress(
  url: string,
  { from, to, tenant }: Pick<AccessLogQuery, 'from' | 'to'> & { readonly tenant: string | undefined },
  after: string,
): string {
  const named = tenant === undefined ? url : withParameter(url, 'tenant', tenant);
  const pinned = withParameter(withParameter(named, 'from', from.toISOString()), 'to', to.toISOString());
  return continuedAfter(pinned, after);
}

export function publicEntry({ at, ...entry }: AccessLogEntry) {
  return { createdDateTime: at.toISOString(), ...entry };
}
