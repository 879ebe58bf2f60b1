/** The mailboxes that a request selects. */
import type { Budget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import type { Tenant } from '../tenants/tenant.ts';
import {
  commandRefused,
  type ExchangeAdmin,
  type MailboxPage,
  type MailboxSelection,
} from './exchange-admin.ts';

/**
 * @param refused receives the names that Exchange refuses, with the reasons: a wrong name does not hide the others
 * @throws UpstreamError for an error that is not about one name
 */
export async function* listSelected(
  { exchange, budget }: { readonly exchange: ExchangeAdmin; readonly budget?: Budget },
  tenant: Tenant,
  selection: MailboxSelection,
  refused: string[],
): AsyncGenerator<MailboxPage> {
  if (!('named' in selection)) {
    yield* exchange.listMailboxes(tenant, selection, budget);
    return;
  }
  for (const name of new Set(selection.named)) {
    try {
      yield* exchange.listMailboxes(tenant, { named: [name] }, budget);
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.code !== commandRefused) throw error;
      refused.push(`${name}: ${error.message}`);
    }
  }
}
