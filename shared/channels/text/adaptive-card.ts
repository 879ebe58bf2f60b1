/**
 * A message as an Adaptive Card of version 1.4, in the message that a workflow of Teams posts. Texts are in text runs, which
 * know no Markdown: nothing in them is a link or a format.
 * @see https://adaptivecards.io/explorer/TextRun.html
 */
import { shortened, type Message } from '../message.ts';
import { factsOf, headline, itemLines, shown } from './lines.ts';

/** Teams takes 28,672 bytes after it has wrapped the card; the rest is room for that. */
export const maxCardBytes = 20_000;

const colors: Readonly<Record<Message['severity'], string>> = {
  critical: 'attention',
  high: 'attention',
  medium: 'warning',
  low: 'accent',
  informational: 'default',
};

/** JSON of at most {@link maxCardBytes}: what is too long is shortened. */
export function cardMessage(message: Message, link: string | undefined): string {
  for (const length of [500, 200, 80, 20]) {
    const text = JSON.stringify(wrapped(message, link, length));
    if (Buffer.byteLength(text) <= maxCardBytes) return text;
  }
  return JSON.stringify(wrapped({ ...message, facts: [], items: [] }, link, 20));
}

function wrapped(message: Message, link: string | undefined, length: number) {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: bodyOf(message, length),
          ...(link === undefined
            ? {}
            : { actions: [{ type: 'Action.OpenUrl', title: 'Open in Auditkeep', url: link }] }),
        },
      },
    ],
  };
}

function bodyOf(message: Message, length: number): readonly object[] {
  const { severity, sentence, nextSteps, closed } = message;
  const color = closed ? 'good' : colors[severity];
  const lines = itemLines(message).map((line) => text([{ text: `• ${line}` }], length, 'small'));
  const facts = factsOf(message).map(([name, value]) =>
    text([{ text: `${name}: `, weight: 'bolder' }, { text: value }], length, 'small'),
  );
  return [
    text([{ text: headline(message), weight: 'bolder', size: 'medium', color }], length, 'none'),
    text([{ text: shown(sentence) }], length * 2, 'small'),
    ...lines,
    ...facts.map((fact, at) => (at === 0 ? { ...fact, spacing: 'medium' } : fact)),
    ...(nextSteps === undefined
      ? []
      : [
          text(
            [{ text: 'What to do: ', weight: 'bolder' }, { text: shown(nextSteps) }],
            length * 2,
            'medium',
          ),
        ]),
  ];
}

interface Run {
  readonly text: string;
  readonly weight?: string;
  readonly size?: string;
  readonly color?: string;
}

function text(runs: readonly Run[], length: number, spacing: string) {
  const inlines = runs.map((run) => ({ type: 'TextRun', ...run, text: shortened(run.text, length) }));
  return { type: 'RichTextBlock', spacing, inlines };
}
