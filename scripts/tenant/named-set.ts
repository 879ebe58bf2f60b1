/** Sets of tenants as people name them on the command line. */

/** What stands for tenants and cannot be the name of one: a tag, an ID, a domain. */
const term = /^(tag:\S+|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|[^\s,]+\.[^\s,]+)$/i;

/**
 * The set as a query names it, without blanks; undefined for one tenant. Names of tenants may have a comma and a blank, such as
 * `Contoso, Ltd.`, but no comma without one.
 */
export function namedSet(named: string): string | undefined {
  if (named === '*') return named;
  const terms = named.split(',').map((each) => each.trim());
  if (terms.length === 1) return /^tag:\S+$/.test(named) ? named : undefined;
  const isList = /^[^\s,]+(,[^\s,]+)+$/.test(named) || terms.every((each) => term.test(each));
  return isList ? terms.join(',') : undefined;
}
