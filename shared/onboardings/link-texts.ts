/** Consent links in the forms in which people send them: a table, and mails. */
import { csvLine } from '../exports/csv-cells.ts';
import type { TenantLink } from './consent-links.ts';

/** A table for people: spreadsheets take it for UTF-8 because of its first character. */
export function linksAsCsv(links: readonly ListedLink[]): string {
  const head = csvLine(['domain', 'name', 'tenantId', 'link', 'expires']);
  const lines = links.map(({ domain, displayName, tenantId, url, expiresDateTime }) =>
    csvLine([domain, displayName, tenantId, url, expiresDateTime]),
  );
  return `\uFEFF${[head, ...lines].join('')}`;
}

/** As answers list it. */
export interface ListedLink {
  readonly domain?: string | undefined;
  readonly displayName: string;
  readonly tenantId: string;
  readonly url: string;
  readonly expiresDateTime: string;
}

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** @param partnerName who sends it; undefined: it is not signed */
export function mailOf({ tenant, url, expiresAt }: TenantLink, partnerName: string | undefined): Mail {
  const name = oneLine(tenant.displayName);
  const sender = partnerName === undefined ? undefined : oneLine(partnerName);
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const text = [
    'Hello,',
    `${sender === undefined ? 'we keep' : `${sender} keeps`} the audit trail of Microsoft 365 for ${name}. An administrator of your organization must allow this once:`,
    `1. Open this address until ${until}:\n\n${url}`,
    '2. Sign in as a Global Administrator, and check that Microsoft shows your organization and the permissions.',
    '3. Choose Accept.',
    'The address works once, and for your organization only. Reply to this mail if you need another one.',
    ...(sender === undefined ? [] : [sender]),
  ];
  return { subject: `Audit trail of ${name}: your consent is needed`, text: text.join('\n\n') };
}

/** All mails, one after another. */
export function linksAsMails(links: readonly TenantLink[], partnerName: string | undefined): string {
  return joinMails(links.map((link) => ({ ...link.tenant, ...mailOf(link, partnerName) })));
}

/** With what a person needs to send each of them. */
export function joinMails(mails: readonly AddressedMail[]): string {
  return mails.map(shown).join(`\n${'-'.repeat(72)}\n\n`);
}

type AddressedMail = Mail & Pick<ListedLink, 'domain' | 'displayName' | 'tenantId'>;

function shown({ displayName, domain, tenantId, subject, text }: AddressedMail): string {
  const to = oneLine(`${displayName} (${domain ?? tenantId})`);
  return `To: an administrator of ${to}\nSubject: ${subject}\n\n${text}\n`;
}

/** A name with line breaks could add lines to the head of a mail. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
