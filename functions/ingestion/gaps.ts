/** What is permanently lost. */
import * as api from '../../shared/api/gaps.ts';
import { handler } from '../../shared/http/handler.ts';
import type { Ledger } from '../../shared/landing/ledger.ts';
import { pageOfGaps } from '../../shared/landing/public-gap.ts';

export const listGapsHandler = handler(
  api.listGaps,
  async (
    { ledger }: { readonly ledger: Pick<Ledger, 'gaps'> },
    { request, tenant: { tenantId }, query, reply },
  ) => reply(200, pageOfGaps(await ledger.gaps(tenantId), query, request.url)),
);
