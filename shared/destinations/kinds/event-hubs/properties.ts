/** What readers of events see without reading the record. */
import type { OutgoingRecord } from '../../outgoing.ts';
import { wellFormed } from '../well-formed.ts';

/** Longer texts are cut: properties are there to filter by, and the record has the whole. */
const maxCharacters = 256;

/** Application properties of an event. */
export function eventProperties({
  tenantId,
  tenantName,
  place,
  contentType,
  createdDateTime,
  summary: { recordType, operation, service },
  truncated,
}: OutgoingRecord): Readonly<Record<string, string | number | boolean>> {
  return {
    tenantId,
    tenantName: short(tenantName),
    sequence: `${place.sequence}.${place.line}`,
    createdDateTime: createdDateTime.toISOString(),
    contentType,
    ...(recordType !== undefined && { recordType }),
    ...(operation !== undefined && { operation: short(operation) }),
    ...(service !== undefined && { workload: short(service) }),
    ...(truncated && { truncated }),
  };
}

function short(text: string): string {
  return wellFormed(text.slice(0, maxCharacters));
}
