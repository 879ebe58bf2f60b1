/** Legal holds of tenants. */
import * as api from '../../shared/api/legal-hold.ts';
import { handler } from '../../shared/http/handler.ts';
import { liftHold, placeHold, publicHold, type LegalHoldDeps } from '../../shared/offboarding/legal-hold.ts';
import { tenantIdIn } from '../../shared/http/tenant-id-in-path.ts';

export const getLegalHoldHandler = handler(
  api.getLegalHold,
  async ({ legalHolds }: LegalHoldDeps, { path, reply }) => {
    const tenantId = tenantIdIn(path);
    return reply(200, publicHold(tenantId, await legalHolds.events(tenantId)));
  },
);

export const placeLegalHoldHandler = handler(
  api.placeLegalHold,
  async (deps: LegalHoldDeps, { caller, path, body, reply }) => {
    const tenantId = tenantIdIn(path);
    const events = await placeHold(deps, { tenantId, caller: caller.id, reason: body.reason });
    return reply(200, publicHold(tenantId, events));
  },
);

export const liftLegalHoldHandler = handler(
  api.liftLegalHold,
  async (deps: LegalHoldDeps, { caller, path, body, reply }) => {
    const tenantId = tenantIdIn(path);
    const events = await liftHold(deps, { tenantId, caller: caller.id, reason: body.reason });
    return reply(200, publicHold(tenantId, events));
  },
);
