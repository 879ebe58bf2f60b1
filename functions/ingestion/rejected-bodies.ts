/** Bodies that could not be read as a whole: what is known of them, their bytes, and what operators decide. */
import { fileType } from '../../shared/api/answers.ts';
import * as api from '../../shared/api/rejected-bodies.ts';
import { RequestError } from '../../shared/errors.ts';
import { handler } from '../../shared/http/handler.ts';
import type { PacedBody } from '../../shared/http/paced-body.ts';
import { serialized } from '../../shared/http/reply.ts';
import {
  findRejected,
  giveUpRejected,
  releaseRejected,
  type DecideDeps,
} from '../../shared/landing/decide-rejected.ts';
import { rejectedBlobName } from '../../shared/landing/landing-names.ts';
import type { RawStore } from '../../shared/landing/raw-store.ts';
import type { Ledger } from '../../shared/landing/ledger.ts';
import { pageOfRejected, publicRejected } from '../../shared/landing/public-rejected.ts';
import { rejectedContents, type RejectedContent } from '../../shared/landing/rejected-content.ts';

interface ReadDeps {
  readonly ledger: Ledger;
}

export const listRejectedBodiesHandler = handler(
  api.listRejectedBodies,
  async ({ ledger }: ReadDeps, { request, tenant: { tenantId }, query, reply }) => {
    const [open, gaps] = await Promise.all([ledger.open(tenantId), ledger.gaps(tenantId)]);
    return reply(200, pageOfRejected(rejectedContents(open, gaps), query, request.url));
  },
);

export const getRejectedBodyHandler = handler(
  api.getRejectedBody,
  async ({ ledger }: ReadDeps, { tenant, path, reply }) =>
    reply(200, publicRejected(await findRejected(ledger, tenant.tenantId, path.bodyId))),
);

interface ContentDeps extends ReadDeps {
  readonly raw: Pick<RawStore, 'readRejected'>;
  readonly pacedBody: PacedBody;
}

export const getRejectedBodyContentHandler = handler(
  api.getRejectedBodyContent,
  async (deps: ContentDeps, { invocation, tenant, path, reply }) => {
    const found = await findRejected(deps.ledger, tenant.tenantId, path.bodyId);
    const chunks = await bytesOf(deps, tenant.tenantId, found);
    const headers = { 'Content-Disposition': `attachment; filename="rejected-${found.id}.bin"` };
    return reply(200, serialized(deps.pacedBody(invocation.invocationId, chunks), fileType), headers);
  },
);

async function bytesOf(
  { raw }: ContentDeps,
  tenantId: string,
  { content, receipt }: RejectedContent,
): Promise<AsyncIterable<Buffer>> {
  const chunks = receipt && (await raw.readRejected(rejectedBlobName(tenantId, content, receipt.sha256)));
  if (chunks !== undefined) return chunks;
  throw new RequestError(404, 'RejectedBodyNotFound', 'The bytes of this body are not kept.');
}

export const releaseRejectedBodyHandler = handler(
  api.releaseRejectedBody,
  async (deps: DecideDeps, { caller, tenant: { tenantId }, path, reply }) => {
    const choice = { tenantId, id: path.bodyId, caller: caller.id };
    return reply(200, publicRejected(await releaseRejected(deps, choice)));
  },
);

export const giveUpRejectedBodyHandler = handler(
  api.giveUpRejectedBody,
  async (deps: DecideDeps, { caller, tenant: { tenantId }, path, body, reply }) => {
    const choice = { tenantId, id: path.bodyId, caller: caller.id, reason: body.reason };
    return reply(200, publicRejected(await giveUpRejected(deps, choice)));
  },
);
