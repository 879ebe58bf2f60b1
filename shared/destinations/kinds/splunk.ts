/**
 * Records as events of Splunk, by its HTTP Event Collector, as Splunk's own add-on for Microsoft 365 collects them: what
 * it extracts, and the searches that are built on it, work.
 * @see https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data
 * @see https://github.com/splunk/security_content (data_sources/o365*.yml)
 */
import * as z from 'zod';
import type { DestinationKind } from '../kind.ts';
import type { OutgoingRecord } from '../outgoing.ts';
import { jsonOf } from './record-json.ts';
import { certificateAuthority, httpsOrigin, secretName } from './settings.ts';
import { wellFormed } from './well-formed.ts';

export const splunkSettings = z.strictObject({
  url: httpsOrigin.meta({
    description: 'Address of the HTTP Event Collector with its port, such as `https://splunk.example:8088`.',
  }),
  token: secretName,
  index: z
    .string()
    .regex(/^[0-9a-z][0-9a-z_-]{0,79}$/, 'must be lower-case letters, digits, underscores, and hyphens')
    .optional()
    .meta({ description: 'Index that the token may write to; by default the default index of the token.' }),
  source: z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/, 'must be printable ASCII')
    .default('auditkeep')
    .meta({ description: 'Source of the events.' }),
  acknowledgements: z.boolean().default(false).meta({
    description:
      'Whether to wait until the indexers have the events. The token must have indexer acknowledgment.',
  }),
  gzip: z.boolean().default(true).meta({ description: 'Whether requests are compressed.' }),
  certificateAuthority: certificateAuthority.optional(),
});
export type SplunkSettings = z.output<typeof splunkSettings>;

/** Splunk advises a megabyte. */
const maxRequestBytes = 1_000_000;
const maxRecords = 1000;

/** What the add-on, and whatever is built on it, looks for. */
const sourcetype = 'o365:management:activity';

export const splunk: DestinationKind<'splunk', SplunkSettings> = {
  name: 'splunk',
  title: 'Splunk, HTTP Event Collector',
  settings: splunkSettings,
  keepsDuplicates: true,
  // Bodies are counted without what separates them.
  limits: () => ({ records: maxRecords, bytes: maxRequestBytes - maxRecords }),
  encode: (record, { index, source }) => {
    const { createdDateTime, tenantId, tenantName } = record;
    const host = wellFormed(tenantName.trim()) || tenantId;
    const head = JSON.stringify({ host, source, sourcetype, index, fields: fieldsOf(record) });
    return Buffer.concat([
      Buffer.from(`{"time":${(createdDateTime.getTime() / 1000).toFixed(3)},${head.slice(1, -1)},"event":`),
      jsonOf(record),
      Buffer.from('}'),
    ]);
  },
};

/** Indexed fields: flat, and texts only; Splunk refuses events with others. */
function fieldsOf({ tenantId, id, place, truncated }: OutgoingRecord): Readonly<Record<string, string>> {
  return {
    tenant_id: tenantId,
    auditkeep_id: id,
    auditkeep_sequence: `${place.sequence}.${place.line}`,
    ...(truncated ? truncatedField : {}),
  };
}

const truncatedField = { auditkeep_truncated: 'true' };
