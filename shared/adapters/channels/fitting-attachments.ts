/** Attachments within the limits of a service. */
import type { Attachment, OutgoingMessage } from '../../channels/kind.ts';
import { maxFacts, type Message } from '../../channels/message.ts';

/**
 * Those that fit, in their order; the message says which are left out.
 * @param maxBytes of all contents together
 */
export function fittingAttachments(
  { message, attachments }: Pick<OutgoingMessage, 'message' | 'attachments'>,
  maxBytes: number,
): { readonly message: Message; readonly attachments: readonly Attachment[] } {
  let left = maxBytes;
  const fitting = attachments.filter(({ content }) => {
    if (content.length > left) return false;
    left -= content.length;
    return true;
  });
  const missing = message.attachments.filter(({ name }) => !fitting.some((each) => each.name === name));
  if (missing.length === 0) return { message, attachments: fitting };
  const value = missing.map(({ name }) => name).join(', ');
  const note = { name: 'Not attached', value: `${value}: too large, or deleted meanwhile` };
  return {
    message: { ...message, facts: [...message.facts.slice(0, maxFacts - 1), note] },
    attachments: fitting,
  };
}
