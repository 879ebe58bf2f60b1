/** One record: with all its data, or as the exact bytes that Microsoft delivered. */
import { createHash } from 'node:crypto';
import * as api from '../../shared/api/records.ts';
import { handler } from '../../shared/http/handler.ts';
import { serialized } from '../../shared/http/reply.ts';
import { parseJson } from '../../shared/json.ts';
import { findRecord, type FindDeps, type RecordWithText } from '../../shared/query/find-record.ts';
import { publicRecord } from '../../shared/query/public-record.ts';

const jsonType = 'application/json; charset=utf-8';

export const getRecordHandler = handler(api.getRecord, async (deps: FindDeps, { tenant, path, reply }) => {
  const found = await findRecord(deps, tenant.tenantId, path.recordId);
  return reply(200, serialized(recordJson(found), jsonType));
});

/**
 * The delivered text is inserted unchanged: numbers beyond 2^53 and duplicate keys would not survive parsing and
 * printing. A text that is not JSON is inserted as a string.
 */
function recordJson({ record, text }: RecordWithText): string {
  const summary = JSON.stringify(publicRecord(record));
  const delivered = text.toString('utf8');
  const auditData = parseJson(delivered) === undefined ? JSON.stringify(delivered) : delivered;
  return `${summary.slice(0, -1)},"auditData":${auditData}}`;
}

/** The tag is the SHA-256 of the bytes: anyone who keeps a copy can show that it is what was delivered. */
export const getRecordAuditDataHandler = handler(
  api.getRecordAuditData,
  async (deps: FindDeps, { tenant, path, reply }) => {
    const { text } = await findRecord(deps, tenant.tenantId, path.recordId);
    const ETag = `"${createHash('sha256').update(text).digest('hex')}"`;
    return reply(200, serialized(text, jsonType), { ETag });
  },
);
