/** Verifications: start, follow, cancel. */
import * as api from '../../shared/api/verifications.ts';
import { handler } from '../../shared/http/handler.ts';
import { answerResult, startedHeaders, withRunning } from '../../shared/http/operation-answers.ts';
import { addressOf } from '../../shared/http/request.ts';
import { cancelOperation, type CancelOperationDeps } from '../../shared/operations/end-operation.ts';
import { resultOf } from '../../shared/operations/operation-result.ts';
import { findOperation } from '../../shared/operations/operation-store.ts';
import { publicVerification, verificationResult } from '../../shared/verification/public-verification.ts';
import {
  startVerification,
  type StartVerificationDeps,
} from '../../shared/verification/start-verification.ts';
import { verificationKind, type VerificationStore } from '../../shared/verification/verification.ts';
import { verificationEffects } from '../../shared/verification/verification-work.ts';

interface VerificationsDeps {
  readonly verifications: VerificationStore;
}

export const startVerificationHandler = handler(
  api.startVerification,
  async (deps: StartVerificationDeps, { request, caller, tenant: { tenantId }, body, reply }) => {
    const wanted = { ...body, tenantId, createdBy: caller.id };
    const started = await withRunning(request, startVerification(deps, wanted));
    return reply(202, publicVerification(started), startedHeaders(addressOf(request, started.id)));
  },
);

/** Enough for people: a year of them is kept. */
const listed = 100;

export const listVerificationsHandler = handler(
  api.listVerifications,
  async ({ verifications }: VerificationsDeps, { tenant, reply }) =>
    reply(200, { value: (await verifications.list(tenant.tenantId, listed)).map(publicVerification) }),
);

export const getVerificationHandler = handler(
  api.getVerification,
  async ({ verifications }: VerificationsDeps, { tenant, path, reply }) =>
    reply(
      200,
      publicVerification(await findOperation(verifications, { ...tenant, id: path.verificationId })),
    ),
);

export const getVerificationResultHandler = handler(
  api.getVerificationResult,
  async ({ verifications }: VerificationsDeps, { request, tenant, path, reply }) => {
    const found = await findOperation(verifications, { ...tenant, id: path.verificationId });
    const view = verificationResult(found);
    return answerResult(request, resultOf(verificationKind, found), undefined, {
      ended: () => reply(200, view),
      running: (headers) => reply(202, view, headers),
      failed: (body, headers) => reply(422, body, headers),
    });
  },
);

export const cancelVerificationHandler = handler(
  api.cancelVerification,
  async (deps: VerificationsDeps & CancelOperationDeps, { tenant, path, reply }) => {
    const found = await findOperation(deps.verifications, { ...tenant, id: path.verificationId });
    return reply(202, publicVerification(await cancelOperation(deps, verificationEffects(deps), found)));
  },
);
