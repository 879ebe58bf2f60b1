/**
 * Documents for the ingest pipeline of Elastic's integration for Microsoft 365, which makes the fields of ECS of them that its
 * dashboards and detection rules read.
 * @see https://github.com/elastic/integrations/tree/main/packages/o365/data_stream/audit
 */
import { isObject, parseJson } from '../../../json.ts';
import type { OutgoingRecord } from '../../outgoing.ts';
import { jsonOf } from '../record-json.ts';
import { wellFormed } from '../well-formed.ts';

const stream = /^logs-o365\.audit-([0-9a-z_.]{1,100})$/;

/** Whether documents get to the pipeline: its index template has the pattern `logs-o365.audit-*`. */
export function isO365Stream(target: string): boolean {
  return stream.test(target);
}

/** The pipeline reads `o365audit`, takes the names of tenants from `_conf`, and removes that. */
export function o365Document(record: OutgoingRecord, target: string): Buffer {
  const { tenantId, tenantName, id, place, createdDateTime } = record;
  const head = JSON.stringify({
    '@timestamp': createdDateTime,
    data_stream: { type: 'logs', dataset: 'o365.audit', namespace: stream.exec(target)?.[1] },
    labels: {
      auditkeep_tenant: tenantId,
      auditkeep_id: id,
      auditkeep_sequence: `${place.sequence}.${place.line}`,
    },
    _conf: { tenants: { [tenantId]: wellFormed(tenantName) } },
  });
  return Buffer.concat([Buffer.from(`${head.slice(0, -1)},`), contentOf(record), Buffer.from('}')]);
}

/** Of a record that is not whole, the members that are known; the pipeline keeps its text, which it otherwise drops. */
function contentOf(record: OutgoingRecord): Buffer {
  const readable = record.text.toString('utf8');
  if (!record.truncated && isObject(parseJson(readable)))
    return Buffer.concat([Buffer.from('"tags":["forwarded"],"o365audit":'), jsonOf(record)]);
  const partly = {
    tags: ['forwarded', 'preserve_original_event'],
    message: readable,
    o365audit: knownMembers(record),
  };
  return Buffer.from(JSON.stringify(partly).slice(1, -1));
}

/** As Microsoft names them. */
export function knownMembers({
  id,
  tenantId,
  createdDateTime,
  summary,
}: OutgoingRecord): Readonly<Record<string, unknown>> {
  return {
    Id: id,
    CreationTime: createdDateTime,
    OrganizationId: tenantId,
    RecordType: summary.recordType,
    Operation: text(summary.operation),
    Workload: text(summary.service),
    UserId: text(summary.userId),
    UserKey: text(summary.userKey),
    UserType: summary.userType,
    ClientIP: text(summary.clientIp),
    ObjectId: text(summary.objectId),
    ResultStatus: text(summary.resultStatus),
  };
}

function text(value: string | undefined): string | undefined {
  return value === undefined ? undefined : wellFormed(value);
}
