/** Events and messages of Event Hubs, in bytes. */
import rhea from 'rhea';
import { eventProperties } from '../../../destinations/kinds/event-hubs/properties.ts';
import type { EncodedRecord } from '../../../destinations/outgoing.ts';

/** Events with the same one are in one partition, and stay in their order there. */
const partitionKey = 'x-opt-partition-key';

/** The same record gives the same bytes. */
export function encodeEvent({ record, body }: EncodedRecord): Buffer {
  return rhea.message.encode({
    message_id: record.id,
    content_type: 'application/json',
    message_annotations: { [partitionKey]: record.tenantId },
    application_properties: { ...eventProperties(record) },
    body: sectionOf(body),
  });
}

/** A message of several events of one tenant; to be sent in the format of batches. */
export function encodeMessage(tenantId: string, events: readonly Buffer[]): Buffer {
  return rhea.message.encode({
    message_annotations: { [partitionKey]: tenantId },
    body: sectionsOf([...events]),
  });
}

/** The types of the client say nothing about them. */
const sectionOf: (data: Buffer) => unknown = rhea.message.data_section;
const sectionsOf: (data: Buffer[]) => unknown = rhea.message.data_sections;
