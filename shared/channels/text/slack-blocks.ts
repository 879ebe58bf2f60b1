/**
 * A message as blocks of Slack. Texts are of the type plain_text, which knows no formats and no mentions; the text for
 * notifications knows them, so that its three signs are escaped.
 * @see https://docs.slack.dev/reference/block-kit/blocks
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
import { shortened, type Message } from '../message.ts';
import { factsOf, headline, itemLines, shown } from './lines.ts';

/** What Slack takes, in characters. */
const limits = { header: 150, section: 3000, field: 2000, fields: 10 } as const;

export function slackMessage(message: Message, link: string | undefined): string {
  const { sentence, nextSteps } = message;
  const lines = itemLines(message);
  return JSON.stringify({
    text: escapedForSlack(headline(message)),
    // Neither links nor media of the message are drawn.
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(headline(message), limits.header) },
      section(shown(sentence)),
      ...(lines.length === 0 ? [] : [section(lines.map((line) => `• ${line}`).join('\n'))]),
      { type: 'section', fields: fieldsOf(message) },
      ...(nextSteps === undefined ? [] : [section(`What to do: ${shown(nextSteps)}`)]),
      ...(link === undefined ? [] : [actions(link)]),
    ],
  });
}

function fieldsOf(message: Message): readonly object[] {
  return factsOf(message)
    .slice(0, limits.fields)
    .map(([name, value]) => plain(`${name}: ${value}`, limits.field));
}

function section(text: string): object {
  return { type: 'section', text: plain(text, limits.section) };
}

function actions(url: string): object {
  const button = { type: 'button', text: plain('Open in Auditkeep', 75), url, action_id: 'open' };
  return { type: 'actions', elements: [button] };
}

/** Escaped after it is cut: an entity counts as what it stands for. */
function plain(text: string, length: number): object {
  return { type: 'plain_text', emoji: false, text: escapedForSlack(shortened(text, length)) };
}

export function escapedForSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
