/**
 * Records as messages of syslog, by TLS.
 * @see https://www.rfc-editor.org/rfc/rfc5424 the message
 * @see https://www.rfc-editor.org/rfc/rfc5425 TLS, and the number of octets before each message
 */
import * as z from 'zod';
import type { DestinationKind } from '../kind.ts';
import type { OutgoingRecord } from '../outgoing.ts';
import { certificateAuthority, secretName } from './settings.ts';
import { cefBody } from './syslog/cef.ts';
import { jsonBody } from './syslog/json.ts';
import { leefBody } from './syslog/leef.ts';
import { framed, headOf } from './syslog/message.ts';
import type { MessageBody } from './syslog/text.ts';

const formats = ['json', 'cef', 'leef'] as const;

export const syslogSettings = z.strictObject({
  host: z
    .string()
    .max(253)
    .regex(
      /^(?:[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$/,
      'must be a host name or an IP address',
    )
    .meta({ description: 'Host name or IP address of the receiver; its certificate must be for it.' }),
  port: z.int().min(1).max(65_535).default(6514).meta({ description: 'Port of the receiver.' }),
  format: z.enum(formats).default('json').meta({
    description:
      '`json`: each record as Microsoft delivered it. `cef`: Common Event Format. `leef`: Log Event Extended Format 2.0.',
  }),
  maxMessageBytes: z.int().min(2048).max(1_000_000).default(8192).meta({
    description: 'Bytes of a message. Longer ones are cut, and say so.',
  }),
  clientCertificate: secretName.optional().meta({
    description:
      'Name of a secret that holds the key and the certificate of this sender, both in PEM format, if the receiver requires one.',
  }),
  certificateAuthority: certificateAuthority.optional(),
});
export type SyslogSettings = z.output<typeof syslogSettings>;

/** All of a connection, which the receiver closes when it has read them. */
const limits = { records: 1000, bytes: 1_000_000 } as const;

const bodies: Readonly<
  Record<SyslogSettings['format'], (record: OutgoingRecord, maxBytes: number) => MessageBody>
> = { json: jsonBody, cef: cefBody, leef: leefBody };

export const syslog: DestinationKind<'syslog', SyslogSettings> = {
  name: 'syslog',
  title: 'Syslog by TLS',
  settings: syslogSettings,
  keepsDuplicates: true,
  limits: () => limits,
  encode: (record, { format, maxMessageBytes }) => {
    const bodyAfter = (head: string) => bodies[format](record, maxMessageBytes - Buffer.byteLength(head));
    const head = headOf(record, false);
    const whole = bodyAfter(head);
    if (!whole.isCut) return framed(head, whole.content);
    const longerHead = headOf(record, true);
    return framed(longerHead, bodyAfter(longerHead).content);
  },
};
