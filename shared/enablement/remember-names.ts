/** Keeps the names of mailboxes whenever all of them are listed, so that records are found by any of them. */
import { maxKnownMailboxes, rememberMailboxes, type MailboxNamesDeps } from '../tenants/mailbox-names.ts';
import type { ExchangeAdmin, Mailbox, MailboxPage } from './exchange-admin.ts';

/** Enablements and the daily check list all mailboxes. A list that breaks off changes nothing. */
export function rememberingNames(exchange: ExchangeAdmin, deps: MailboxNamesDeps): ExchangeAdmin {
  return {
    ...exchange,
    listMailboxes(tenant, selection, budget) {
      const pages = exchange.listMailboxes(tenant, selection, budget);
      return 'all' in selection ? remembered(deps, tenant.tenantId, pages) : pages;
    },
  };
}

async function* remembered(
  deps: MailboxNamesDeps,
  tenantId: string,
  pages: AsyncIterable<MailboxPage>,
): AsyncGenerator<MailboxPage> {
  const listed: Pick<Mailbox, 'id' | 'names'>[] = [];
  for await (const page of pages) {
    const room = maxKnownMailboxes - listed.length;
    listed.push(...page.mailboxes.slice(0, room).map(({ id, names }) => ({ id, names })));
    yield page;
  }
  await rememberMailboxes(deps, tenantId, listed);
}
