/** Records of auditing that was turned off: from then on, the report may lack something. */
import type { JsonObject } from '../../../json.ts';
import type { FoundRecord } from '../../../query/found-record.ts';
import { auditingSwitch } from '../../../records/auditing-switch.ts';
import { namedValues } from '../../../records/named-values.ts';
import { shortText } from '../../short-text.ts';
import { sentenceOf } from './sentence.ts';
import type { Notable } from './tally.ts';

/** Undefined for every other record. */
export function auditingTurnedOff(record: FoundRecord, fields: JsonObject): Notable | undefined {
  const { operation = '', userId = '', mailboxOwner, objectId, clientIp = '' } = record.summary;
  if (auditingSwitch(operation, namedValues(fields['Parameters'])) !== 'off') return undefined;
  return {
    recordId: record.id,
    at: record.createdDateTime.getTime(),
    severity: 'critical',
    actorName: shortText(userId),
    mailboxName: shortText(mailboxOwner ?? objectId ?? ''),
    address: shortText(clientIp),
    sentence: sentenceOf(record, fields),
  };
}
