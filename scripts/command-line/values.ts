/** Parsers for the values of arguments and options; each refuses a value with a sentence that commander completes. */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import * as z from 'zod';
import { tenantNameSchema } from '../../shared/tenants/tenant-name.ts';

/** Parses by a schema whose messages are sentences such as `Must be a GUID.`. @throws InvalidArgumentError */
export function parsedBy<T>(schema: z.ZodType<T, string>): (value: string) => T {
  return (value) => {
    const result = schema.safeParse(value.trim());
    if (result.success) return result.data;
    throw new InvalidArgumentError(result.error.issues[0]?.message ?? '');
  };
}

export const guid = parsedBy(z.guid('Must be a GUID.').toLowerCase());

/** For what lasts: what is known of domains may be a day old. */
export const tenantId = parsedBy(
  z
    .guid(
      'Must be the ID of a tenant: a domain may have moved to another one. npm run tenant -- list shows the IDs.',
    )
    .toLowerCase(),
);

/** A tenant in storage: its ID, or one of its domains. */
export function tenantName(value: string): string {
  const name = tenantNameSchema.safeParse(value).data;
  if (name === undefined) throw new InvalidArgumentError('Must be the ID or the domain of a tenant.');
  return name;
}

/** An ISO 8601 date. */
export const day = parsedBy(z.iso.date('Must be a day such as 2026-03-01.'));

/** Both limits are allowed. */
export function wholeNumber(least: number, most: number): (value: string) => number {
  const message = `Must be a whole number from ${least} to ${most}.`;
  const digits = z.string().regex(/^\d{1,15}$/, message);
  return parsedBy(digits.transform(Number).pipe(z.number().min(least, message).max(most, message)));
}

/** One of the allowed values, in any case. */
export function oneOf<T extends string>(allowed: readonly T[]): (value: string) => T {
  return (value) => {
    const wanted = value.trim().toLowerCase();
    const found = allowed.find((each) => each.toLowerCase() === wanted);
    if (found === undefined) throw new InvalidArgumentError(`Must be one of ${allowed.join(', ')}.`);
    return found;
  };
}

/** Items separated by commas, none of them empty. */
export function listOf<T>(parseItem: (item: string) => T): (value: string) => T[] {
  return (value) =>
    value.split(',').map((item) => {
      if (item.trim() === '') throw new InvalidArgumentError('Must not have an empty item.');
      return parseItem(item.trim());
    });
}

export const text = parsedBy(z.string().min(1, 'Must not be empty.'));

/** For an option that may be repeated. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, text(value)];
}
