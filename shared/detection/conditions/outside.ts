/** Whether an email address is outside of the tenant. */
import { isOutside } from '../../sentences/addresses.ts';
import { factsOf } from '../../sentences/facts.ts';
import type { WatchedRecord } from './watched-record.ts';

/**
 * By the domains of the tenant; where they are not known, by those that the record itself names. A name without a domain
 * is inside.
 */
export function isOutsideTenant(watched: WatchedRecord, address: string): boolean {
  const { acceptedDomains, record, text } = watched;
  if (acceptedDomains.length === 0) return isOutside(factsOf(record.summary, text.parsed()), address);
  const domain = /@([^\s\\/@]+\.[a-z][-a-z0-9]*)$/i.exec(address.trim())?.[1]?.toLowerCase();
  return domain !== undefined && !acceptedDomains.includes(domain);
}
