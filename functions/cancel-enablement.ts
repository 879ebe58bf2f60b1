/** `POST …/enablements/{enablementId}/cancel`: stops after what is in flight; what was changed stays. */
import type { HttpFunctionOptions } from '@azure/functions';
import {
  findEnablement,
  isFinished,
  type EnablementQueue,
  type EnablementStore,
} from '../shared/enablement/enablement.ts';
import { publicEnablement } from '../shared/enablement/public-enablement.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export interface CancelDeps extends HttpDeps {
  readonly enablements: EnablementStore;
  readonly queues: EnablementQueue;
}

export function cancelEnablementFunction(deps: CancelDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/enablements/{enablementId}/cancel',
    async handler({ request, caller }) {
      const { tenantId } = await deps.access.openTenant(
        caller,
        pathParameter(request, 'tenantId'),
        'auditing.enable',
      );
      const enablement = await findEnablement(
        deps.enablements,
        tenantId,
        pathParameter(request, 'enablementId'),
      );
      const { enablementId } = enablement;
      if (!isFinished(enablement)) {
        await deps.enablements.requestCancel(tenantId, enablementId);
        // One that waits for hours is ended now, not when its wait is over.
        await deps.queues.requestEnablementStep({ version: 1, tenantId, enablementId }, 0);
      }
      return { status: 202, jsonBody: publicEnablement(enablement) };
    },
  });
}
