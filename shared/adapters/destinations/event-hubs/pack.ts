/** Packs events into messages that an event hub takes. */

/** Events that are next to each other. */
export interface Packed<T> {
  readonly events: readonly T[];
  /** Of its first event among all. */
  readonly from: number;
}

/** Of a message without events; more than its annotations need. */
export const envelopeBytes = 256;
/** Added to each event: the beginning of a section. */
const sectionBytes = 8;

export function fitsAlone({ length }: Buffer, maxBytes: number): boolean {
  return length + sectionBytes + envelopeBytes <= maxBytes;
}

/**
 * In order, and as few as possible. An event that {@link fitsAlone} refuses separates messages and is in none.
 * @param maxBytes of a message
 */
export function pack(events: readonly Buffer[], maxBytes: number): readonly Packed<Buffer>[] {
  const messages: { events: Buffer[]; from: number }[] = [];
  let open: { events: Buffer[]; from: number } | undefined;
  let bytes = 0;
  for (const [at, event] of events.entries()) {
    const added = event.length + sectionBytes;
    if (!fitsAlone(event, maxBytes)) {
      open = undefined;
      continue;
    }
    if (open === undefined || bytes + added > maxBytes) {
      open = { events: [], from: at };
      messages.push(open);
      bytes = envelopeBytes;
    }
    open.events.push(event);
    bytes += added;
  }
  return messages;
}
