/** The IDs in a message, for people. */
import { idsOf, messageIn, type MessageIds } from '../../shared/poison/message-ids.ts';
import type { QueuedMessage } from '../../shared/poison/poison-queue.ts';

/** A line for each ID. */
export function describeIds(found: MessageIds | null): readonly string[] {
  if (found === null) return ['not readable'];
  const lines = Object.entries(found).flatMap(([name, id]) => (id === undefined ? [] : [`${name} ${id}`]));
  return lines.length === 0 ? ['no IDs'] : lines;
}

export function describeMessage({ messageText }: QueuedMessage): string {
  return describeIds(idsOf(messageIn(messageText))).join(', ');
}
