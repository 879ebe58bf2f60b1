/** One record: with all its data, or as the exact bytes that Microsoft delivered. */
import * as api from '../../shared/api/records.ts';
import { handler } from '../../shared/http/handler.ts';
import { jsonType, serialized } from '../../shared/http/reply.ts';
import { findRecord, type FindDeps } from '../../shared/query/find-record.ts';
import { publicRecord } from '../../shared/query/public-record.ts';
import { withAuditData } from '../../shared/query/record-json.ts';
import { sha256Of } from '../../shared/sha256.ts';

export const getRecordHandler = handler(api.getRecord, async (deps: FindDeps, { tenant, path, reply }) => {
  const found = await findRecord(deps, tenant.tenantId, path.recordId);
  return reply(200, serialized(withAuditData(publicRecord(found.record), found.text), jsonType));
});

/** The tag is the SHA-256 of the bytes: anyone who keeps a copy can show that it is what was delivered. */
export const getRecordAuditDataHandler = handler(
  api.getRecordAuditData,
  async (deps: FindDeps, { tenant, path, reply }) => {
    const { text } = await findRecord(deps, tenant.tenantId, path.recordId);
    const ETag = `"${sha256Of(text)}"`;
    return reply(200, serialized(text, jsonType), { ETag });
  },
);
