/** Attachments within the limits of a service. */
import type { Attachment, OutgoingMessage } from '../../channels/kind.ts';
import { maxFacts, type Message } from '../../channels/message.ts';

/**
 * Those that fit, in their order; the message says which are left out, and when what it would show is gone.
 * @param maxBytes of all contents together
 */
export function fittingAttachments(
  { message, attachments, body }: Pick<OutgoingMessage, 'message' | 'attachments' | 'body'>,
  maxBytes: number,
): { readonly message: Message; readonly attachments: readonly Attachment[] } {
  let left = maxBytes;
  const fitting = attachments.filter(({ content }) => {
    if (content.length > left) return false;
    left -= content.length;
    return true;
  });
  const missing = message.attachments.filter(({ name }) => !fitting.some((each) => each.name === name));
  const isGone = message.body !== undefined && body === undefined;
  const names = missing.map(({ name }) => name).join(', ');
  const notes = [
    ...(isGone ? [{ name: 'Not shown', value: 'What this is about was deleted before it was sent' }] : []),
    ...(names === '' ? [] : [{ name: 'Not attached', value: `${names}: too large, or deleted meanwhile` }]),
  ];
  return {
    message: { ...message, facts: [...message.facts.slice(0, maxFacts - notes.length), ...notes] },
    attachments: fitting,
  };
}
