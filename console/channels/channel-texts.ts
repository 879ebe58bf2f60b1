/** What the console says about channels. */
import type { AnswerTo } from '../api/paths.ts';
import type { Tone } from '../parts/tone.ts';
import type { Topic } from './new-channel.ts';

export type Channel = AnswerTo<'ListChannels'>['value'][number];
export type Delivery = AnswerTo<'ListChannelDeliveries'>['value'][number];

export const aboveChannels = { href: '/console/delivery', text: 'Alerts & delivery' } as const;

/** `reports` and `test` are not offered: nothing is sent of them. */
export const topicTexts: Readonly<Partial<Record<Topic, string>>> = {
  findings: 'Findings of watches',
  drift: 'Audit settings that became worse',
  gaps: 'Records that are permanently missing',
  enablements: 'Enablements that failed',
};

export function topicsText(topics: Channel['topics']): string {
  return topics.map((topic) => topicTexts[topic] ?? topic).join('; ');
}

export const resultTexts: Readonly<
  Record<Delivery['result'], { readonly tone: Tone; readonly text: string }>
> = {
  sent: { tone: 'good', text: 'Sent' },
  refused: { tone: 'bad', text: 'Refused' },
  obsolete: { tone: 'neutral', text: 'Not needed' },
};

/** When messages wait, and what they become then. */
export function pacingText({ digest, quietHours, urgentFrom, floodLimit }: Channel): string {
  const parts = [
    digestText(digest),
    ...(quietHours === undefined
      ? []
      : [`quiet from ${quietHours.from} to ${quietHours.to}, ${quietHours.timeZone}`]),
    ...(urgentFrom === undefined ? [] : [`at once from ${urgentFrom} on`]),
    `at most ${floodLimit} messages an hour`,
  ];
  return parts.join('; ');
}

function digestText(digest: Channel['digest']): string {
  if (digest === undefined) return 'Each matter at once';
  return digest.every === 'hour'
    ? 'One message an hour'
    : `One message a day, at ${digest.at ?? ''}, ${digest.timeZone ?? ''}`;
}
