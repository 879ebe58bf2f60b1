/** What is permanently lost. */
import * as api from '../../shared/api/gaps.ts';
import { handler } from '../../shared/http/handler.ts';
import { gapsOfGivenUp } from '../../shared/landing/given-up-landings.ts';
import type { LandingStore } from '../../shared/landing/landing.ts';
import type { Ledger } from '../../shared/landing/ledger.ts';
import { pageOfGaps } from '../../shared/landing/public-gap.ts';

interface GapDeps {
  readonly ledger: Pick<Ledger, 'gaps'>;
  readonly landings: Pick<LandingStore, 'notIndexed'>;
}

export const listGapsHandler = handler(
  api.listGaps,
  async ({ ledger, landings }: GapDeps, { request, tenant: { tenantId }, query, reply }) => {
    const [lost, { givenUp }] = await Promise.all([ledger.gaps(tenantId), landings.notIndexed(tenantId)]);
    return reply(200, pageOfGaps([...lost, ...gapsOfGivenUp(givenUp)], query, request.url));
  },
);
