/** Every content blob that was ever listed. */
import * as api from '../../shared/api/ledger.ts';
import { handler } from '../../shared/http/handler.ts';
import type { Ledger } from '../../shared/landing/ledger.ts';
import { pageOfLedger } from '../../shared/landing/public-ledger.ts';

export const listLedgerEntriesHandler = handler(
  api.listLedgerEntries,
  async ({ ledger }: { readonly ledger: Ledger }, { request, tenant: { tenantId }, query, reply }) =>
    reply(200, await pageOfLedger(ledger, tenantId, query, request.url)),
);
