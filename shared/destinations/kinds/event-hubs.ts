/**
 * Records as events of Azure Event Hubs, by AMQP.
 * @see https://learn.microsoft.com/azure/event-hubs/event-hubs-features
 */
import * as z from 'zod';
import type { DestinationKind } from '../kind.ts';
import { enveloped, jsonOf } from './record-json.ts';
import { certificateAuthority, secretName } from './settings.ts';

/** Of Azure alone: a token of the app's identity opens every event hub that lets it in. */
const azureHost =
  /^[0-9a-z][0-9a-z-]{4,48}[0-9a-z]\.servicebus\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)$/i;

export const eventHubsSettings = z
  .strictObject({
    host: z
      .string()
      .max(253)
      .regex(
        /^(?:[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$/,
        'must be a host name, such as NAMESPACE.servicebus.windows.net',
      )
      .meta({ description: 'Host name of the namespace, such as `NAMESPACE.servicebus.windows.net`.' }),
    port: z.int().min(1).max(65_535).default(5671).meta({ description: 'Port of AMQP with TLS.' }),
    eventHub: z
      .string()
      .regex(
        /^[0-9A-Za-z](?:[0-9A-Za-z._-]{0,254}[0-9A-Za-z])?$/,
        'must be letters, digits, dots, hyphens, and underscores',
      )
      .meta({ description: 'Name of the event hub.' }),
    authentication: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('entra') }),
        z.strictObject({ kind: z.literal('connectionString'), secret: secretName }),
      ])
      .default({ kind: 'entra' })
      .meta({ description: "By the app's identity, or by a connection string from Key Vault." }),
    content: z
      .enum(['record', 'envelope'])
      .default('record')
      .meta({
        description:
          '`record`: each record exactly as Microsoft delivered it. `envelope`: an object with the tenant, the ID, the ' +
          'place in the feed, and the record, for readers that see no properties.',
      }),
    certificateAuthority: certificateAuthority.optional(),
  })
  .refine(({ host, authentication: { kind } }) => kind !== 'entra' || azureHost.test(host), {
    path: ['host'],
    error: 'must be a namespace of Azure, as the identity of the app signs in there',
  });
export type EventHubsSettings = z.output<typeof eventHubsSettings>;

/** One or two messages of a megabyte. How much a message may have is what the event hub says. */
const limits = { records: 1000, bytes: 1_000_000 } as const;

export const eventHubs: DestinationKind<'eventHubs', EventHubsSettings> = {
  name: 'eventHubs',
  title: 'Azure Event Hubs',
  settings: eventHubsSettings,
  keepsDuplicates: true,
  limits: () => limits,
  encode: (record, { content }) => (content === 'record' ? jsonOf(record) : enveloped(record)),
};
