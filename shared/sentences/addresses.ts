/** Addresses that email is forwarded to, and whether they belong to the organization. */
import { recipientIn } from '../records/recipient-names.ts';
import type { Facts } from './facts.ts';

/** How many addresses of a list are read; no record is known to have a tenth of this. */
const maxRecipients = 50;

/** Recipients of a parameter: several are separated by semicolons or commas. */
export function recipientsIn(text: string): readonly string[] {
  const parts = text.slice(0, 20_000).split(/[;,]/, maxRecipients);
  return parts.map((part) => recipientIn(part.replaceAll('"', '')).trim()).filter((name) => name !== '');
}

/**
 * Whether the address is outside the organization, as far as the record shows: its domain is none of those that the
 * record names the actor, the mailbox, and the organization by. An organization has further domains, so an address in
 * one of these counts as outside. A name without a domain counts as inside.
 */
export function isOutside({ record, field }: Facts, address: string): boolean {
  const domain = domainOf(address);
  if (domain === undefined) return false;
  const names = [
    record.userId,
    record.mailboxOwner,
    record.objectId,
    field('OrganizationName'),
    field('UserKey'),
  ];
  const own = new Set(names.flatMap((name) => domainOf(name ?? '') ?? []));
  return own.size > 0 && !own.has(domain);
}

/** Of an address, or of an organization that is named by its domain. */
function domainOf(name: string): string | undefined {
  const domain = name
    .slice(name.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase();
  return /^[^\s\\/@]+\.[a-z][-a-z0-9]*$/.test(domain) ? domain : undefined;
}
