/**
 * Records as documents of Elasticsearch or OpenSearch, by their bulk interface.
 * @see https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
 */
import * as z from 'zod';
import { isObject, parseJson } from '../../json.ts';
import type { DestinationKind } from '../kind.ts';
import type { OutgoingRecord } from '../outgoing.ts';
import { isO365Stream, o365Document } from './elasticsearch/o365-document.ts';
import { jsonOf } from './record-json.ts';
import { membersOf } from './record-members.ts';
import { certificateAuthority, httpsOrigin, secretName } from './settings.ts';
import { wellFormed } from './well-formed.ts';

const layouts = ['auditkeep', 'o365'] as const;

const settingsObject = z.strictObject({
  url: httpsOrigin.meta({
    description: 'Address of the cluster with its port, such as `https://elastic.example:9200`.',
  }),
  target: z
    .string()
    .regex(
      /^[0-9a-z][0-9a-z._-]{0,199}$/,
      'must be lower-case letters, digits, dots, underscores, and hyphens',
    )
    .default('auditkeep-records')
    .meta({ description: 'Index, data stream, or alias that records are written to.' }),
  layout: z
    .enum(layouts)
    .default('auditkeep')
    .meta({
      description:
        '`auditkeep`: members as documented for this kind. `o365`: what the pipeline of the integration of Elastic for ' +
        'Microsoft 365 makes fields of ECS of; the target is then a data stream such as `logs-o365.audit-default`.',
    }),
  authentication: z.enum(['apiKey', 'basic']).default('apiKey').meta({
    description:
      '`apiKey`: the secret is an encoded API key of Elasticsearch. `basic`: it is a user name, a colon, and a password.',
  }),
  secret: secretName,
  gzip: z.boolean().default(true).meta({ description: 'Whether requests are compressed.' }),
  certificateAuthority: certificateAuthority.optional(),
});

/** Its name leads to the pipeline. */
export const elasticsearchSettings = settingsObject.refine(
  ({ layout, target }) => layout !== 'o365' || isO365Stream(target),
  { path: ['target'], error: 'must be a data stream such as logs-o365.audit-default for this layout' },
);
export type ElasticsearchSettings = z.output<typeof elasticsearchSettings>;

/** Elastic advises 5 to 10 MB; the server takes 100 MB. */
const limits = { records: 2000, bytes: 4_000_000 } as const;

export const elasticsearch: DestinationKind<'elasticsearch', ElasticsearchSettings> = {
  name: 'elasticsearch',
  title: 'Elasticsearch, OpenSearch',
  settings: elasticsearchSettings,
  // The ID is that of the record.
  keepsDuplicates: false,
  limits: () => limits,
  encode: (record, { layout, target }) => {
    const action = JSON.stringify({ create: { _id: `${record.tenantId}:${record.id}` } });
    const document = layout === 'o365' ? o365Document(record, target) : ownDocument(record);
    return Buffer.concat([Buffer.from(`${action}\n`), document, Buffer.from('\n')]);
  },
};

function ownDocument(record: OutgoingRecord): Buffer {
  const head = JSON.stringify(documentOf(record)).slice(0, -1);
  return Buffer.concat([Buffer.from(`${head},`), contentOf(record), Buffer.from('}')]);
}

/** Mappings know either objects or texts: what is not an object has a member of its own. */
function contentOf(record: OutgoingRecord): Buffer {
  const readable = record.text.toString('utf8');
  const isWhole = !record.truncated && isObject(parseJson(readable));
  if (isWhole) return Buffer.concat([Buffer.from('"Record":'), jsonOf(record)]);
  return Buffer.from(`"RecordText":${JSON.stringify(readable)}`);
}

function documentOf(record: OutgoingRecord): Readonly<Record<string, unknown>> {
  return {
    '@timestamp': record.createdDateTime,
    IngestedDateTime: record.ingestedDateTime,
    RecordId: record.id,
    TenantId: record.tenantId,
    ...membersOf(record, wellFormed),
    RecordTruncated: record.truncated ? true : undefined,
  };
}
