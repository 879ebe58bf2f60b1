/** The spellings in which records name a mailbox or another recipient. */
import { distinctNames } from './person-names.ts';

/** `"Bo" [SMTP:bo@fabrikam.example]`, as inbox rules name recipients. */
const bracketed = /\[([^[\]]+)\]\s*$/;

/** Types of addresses, as in `smtp:bo@fabrikam.example` and `EX:/o=ExchangeLabs/…`. */
const addressType = /^(?:smtp|sip|ex|x500|mailto):/i;

/** `EURPR04A009.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/fabrikam.onmicrosoft.com/Bo`. */
const canonical = /^[^/\\]+\/Microsoft Exchange Hosted Organizations\/[^/]+\/(?:.*\/)?([^/]+)$/i;

/**
 * The name without what is written around it: the address in brackets, without its type; the last part of a canonical
 * name, which is the recipient's own name.
 */
export function recipientIn(text: string): string {
  const inside = (bracketed.exec(text)?.[1] ?? text).trim().replace(addressType, '').trim();
  return canonical.exec(inside)?.[1] ?? inside;
}

/** The name as given, and what {@link recipientIn} it. */
export function recipientSpellings(name: string): readonly string[] {
  return distinctNames([name, recipientIn(name)]);
}

/** `CN=Bo,OU=fabrikam.onmicrosoft.com,OU=Microsoft Exchange Hosted Organizations,DC=EURPR04A009,DC=PROD,…` */
export function canonicalName(distinguishedName: string): string | undefined {
  const parts = distinguishedName.split(/(?<!\\),/).map((part) => part.trim());
  const values = (type: string) =>
    parts.flatMap((part) => (part.toUpperCase().startsWith(`${type}=`) ? part.slice(type.length + 1) : []));
  const path = [...values('CN'), ...values('OU')].reverse().map((part) => part.replaceAll(/\\(.)/g, '$1'));
  const domain = values('DC').join('.');
  return domain === '' || path.length < 2 ? undefined : [domain, ...path].join('/');
}

/** Whether the name means the same in every tenant: an address, an id, a legacy or canonical name; not a display name. */
export function isGlobal(name: string): boolean {
  return globalName.test(name.trim());
}

const globalName =
  /@|^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$|^\/o=|\/Microsoft Exchange Hosted Organizations\/|^10[0-9a-f]{14}$/i;
