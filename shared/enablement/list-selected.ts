/** The mailboxes that a request selects. */
import { UpstreamError } from '../errors.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { commandRefused, type ExchangeAdmin, type Mailbox, type MailboxSelection } from './exchange-admin.ts';

export interface Selecting {
  readonly selection: MailboxSelection;
  /** Receives the names that Exchange refuses, each with why: a wrong one does not hide the others. */
  readonly refused: string[];
}

/** @throws UpstreamError for what is not about one name */
export async function* listSelected(
  exchange: ExchangeAdmin,
  tenant: Tenant,
  { selection, refused }: Selecting,
): AsyncGenerator<readonly Mailbox[]> {
  if (!('named' in selection)) {
    yield* exchange.listMailboxes(tenant, selection);
    return;
  }
  for (const name of new Set(selection.named)) {
    try {
      yield* exchange.listMailboxes(tenant, { named: [name] });
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.code !== commandRefused) throw error;
      refused.push(`${name}: ${error.message}`);
    }
  }
}
