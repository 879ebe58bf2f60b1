/** Records as lines of JSON, or as an array, to any receiver that takes HTTPS requests. */
import * as z from 'zod';
import type { DestinationKind } from '../kind.ts';
import { enveloped, jsonOf } from './record-json.ts';
import { certificateAuthority, httpsUrl, secretName } from './settings.ts';

/** How records are written: exactly as delivered, or in an object that also says whose they are. */
const contents = ['record', 'envelope'] as const;
/** How records of a request are joined. */
const layouts = ['lines', 'array'] as const;

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/)
  .refine((name) => !reservedHeaders.has(name.toLowerCase()), 'is set by Auditkeep or by another setting');
const headerValue = z.string().regex(/^[\x20-\x7e]*$/, 'must be printable ASCII');

/** What says where a request ends and who sent it: wrong values would break connections, or put secrets into tables. */
const reservedHeaders: ReadonlySet<string> = new Set([
  ...['connection', 'content-encoding', 'content-length', 'expect', 'host', 'keep-alive', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'cookie', 'proxy-authorization', 'x-auditkeep-batch', '__proto__'],
]);

export const httpsNdjsonSettings = z.strictObject({
  url: httpsUrl.meta({ description: 'Address that requests are sent to.' }),
  method: z.enum(['POST', 'PUT']).default('POST').meta({ description: 'Method of the requests.' }),
  headers: z
    .record(headerName, headerValue.max(1000))
    .refine((headers) => Object.keys(headers).length <= 20, 'must be at most 20')
    .refine(
      (headers) => !Object.keys(headers).some((name) => name.toLowerCase() === 'authorization'),
      'must not contain Authorization: use credential, which keeps the secret in the vault',
    )
    .default({})
    .meta({ description: 'Further headers, without secrets.' }),
  credential: z
    .strictObject({
      header: headerName
        .default('Authorization')
        .meta({ description: 'Name of the header that holds the secret.' }),
      prefix: headerValue
        .max(100)
        .default('Bearer ')
        .meta({ description: 'What comes before the secret, such as `Basic ` or nothing.' }),
      secret: secretName,
    })
    .optional()
    .meta({ description: 'A header that holds a secret.' }),
  content: z
    .enum(contents)
    .default('record')
    .meta({
      description:
        '`record`: each record exactly as Microsoft delivered it. `envelope`: an object with the tenant, the ID, the ' +
        'place in the feed, and the record.',
    }),
  layout: z.enum(layouts).default('lines').meta({
    description: '`lines`: one record a line. `array`: a JSON array of records.',
  }),
  gzip: z.boolean().default(true).meta({ description: 'Whether requests are compressed.' }),
  maxRecords: z.int().min(1).max(10_000).default(1000).meta({ description: 'Records of a request.' }),
  maxBytes: z.int().min(50_000).max(10_000_000).default(1_000_000).meta({
    description: 'Bytes of a request before compression. A single record may be larger: it is sent alone.',
  }),
  certificateAuthority: certificateAuthority.optional(),
});
export type HttpsNdjsonSettings = z.output<typeof httpsNdjsonSettings>;

export const httpsNdjson: DestinationKind<'httpsNdjson', HttpsNdjsonSettings> = {
  name: 'httpsNdjson',
  title: 'HTTPS, JSON lines',
  settings: httpsNdjsonSettings,
  keepsDuplicates: true,
  // Bodies are counted without what joins them.
  limits: ({ maxRecords, maxBytes }) => ({ records: maxRecords, bytes: maxBytes - maxRecords - 1 }),
  encode: (record, { content }) => (content === 'record' ? jsonOf(record) : enveloped(record)),
};
