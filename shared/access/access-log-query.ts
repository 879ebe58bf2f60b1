/** What may be asked of the access log: parameters, parsed strictly. */
import * as z from 'zod';
import { invalidParameter, RequestError } from '../errors.ts';
import { tenantIdSchema } from '../tenants/tenant.ts';
import type { AccessLogEntry, AccessLogQuery } from './access-log.ts';

const maxTop = 1000;
const defaultTop = 100;
const maxDays = 366;
const defaultDays = 7;
const dayMs = 24 * 60 * 60_000;

const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'is no ISO 8601 date or date and time; send for example 2026-03-02T09:00:00Z',
  })
  .transform((text) => new Date(text));

/** What can be asked of the access log. */
export const accessLogParameters = z.strictObject({
  tenant: tenantIdSchema.optional().meta({ title: 'Tenant ID', description: 'Calls about this tenant.' }),
  caller: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .meta({ title: 'Caller', description: 'Calls of this caller, such as the id of a client key.' }),
  from: moment
    .optional()
    .meta({ title: 'From', description: `Inclusive; ${defaultDays} days before to when there is none.` }),
  to: moment.optional().meta({ title: 'To', description: 'Exclusive; now when there is none.' }),
  top: z
    .string()
    .regex(/^\d{1,4}$/, `must be a number from 1 to ${maxTop}`)
    .transform(Number)
    .refine((top) => top >= 1 && top <= maxTop, `must be a number from 1 to ${maxTop}`)
    .default(defaultTop)
    .meta({
      title: 'Page Size',
      description: 'Entries of a page at most.',
      wire: { type: 'integer', minimum: 1, maximum: maxTop, default: defaultTop },
    }),
  skiptoken: z
    .string()
    .max(200)
    .optional()
    .meta({ title: 'Skip Token', description: 'Goes on with the next page; follow nextLink instead.' }),
  'api-version': z.string().optional(),
});

/**
 * Parses the parameters; without `from` and `to` it is the last seven days.
 * @throws RequestError 400 naming what is unknown, repeated, malformed or too wide
 */
export function parseAccessLogQuery(query: URLSearchParams, now: Date): Omit<AccessLogQuery, 'onlyInsiders'> {
  const repeated = [...query.keys()].find((name) => query.getAll(name).length > 1);
  if (repeated !== undefined) throw invalidParameter(repeated, `${repeated} is given more than once.`);
  const result = accessLogParameters.safeParse(Object.fromEntries(query));
  if (!result.success) throw toInvalidParameter(result.error);
  const { tenant, caller, top, skiptoken } = result.data;
  const to = result.data.to ?? now;
  const from = result.data.from ?? new Date(to.getTime() - defaultDays * dayMs);
  const days = (to.getTime() - from.getTime()) / dayMs;
  if (days <= 0) throw invalidParameter('to', 'to must be later than from.');
  if (days > maxDays) throw invalidParameter('from', `from may be ${maxDays} days before to at most.`);
  return {
    from,
    to,
    tenantId: tenant,
    caller,
    top,
    after: skiptoken === undefined ? undefined : open(skiptoken),
  };
}

function toInvalidParameter(error: z.ZodError): Error {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const name = (issue.keys[0] ?? '').slice(0, 64);
    const known = Object.keys(accessLogParameters.shape).join(', ');
    return invalidParameter(name, `There is no parameter ${name}. Known: ${known}.`);
  }
  const name = String(issue?.path[0] ?? 'query');
  return invalidParameter(name, `${name}: ${issue?.message ?? 'is not understood'}.`);
}

/**
 * The address of the next page: the range is pinned, so that pages do not move while time goes on. The token is not
 * signed: it only says where to go on in what the caller may see anyway.
 */
export function nextAddress(
  url: string,
  { from, to }: Pick<AccessLogQuery, 'from' | 'to'>,
  after: string,
): string {
  const next = new URL(url);
  next.searchParams.set('from', from.toISOString());
  next.searchParams.set('to', to.toISOString());
  next.searchParams.set('skiptoken', Buffer.from(after).toString('base64url'));
  return next.href;
}

function open(token: string): string {
  const after = Buffer.from(token, 'base64url').toString('utf8');
  if (/^\d{13}_[0-9a-f-]{36}(_[0-9a-f-]{36})?$/.test(after)) return after;
  throw new RequestError(400, 'InvalidSkipToken', 'Follow nextLink as it is, or begin without a skiptoken.', {
    target: 'skiptoken',
  });
}

export function publicEntry({
  at,
  requestId,
  caller,
  action,
  tenantId,
  outcome,
  code,
  parameters: names,
}: AccessLogEntry) {
  return {
    createdDateTime: at.toISOString(),
    requestId,
    caller,
    action,
    tenantId,
    outcome,
    code,
    parameters: names,
  };
}
