/** Stand-ins of Teams, Slack, and PagerDuty. */
import * as z from 'zod';
import { startStandIn, type StandIn } from './stand-in.ts';

const runSchema = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string(),
  ...{ weight: z.string().optional(), size: z.string().optional(), color: z.string().optional() },
});

const cardSchema = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.strictObject({
        $schema: z.string(),
        type: z.literal('AdaptiveCard'),
        version: z.enum(['1.0', '1.1', '1.2', '1.3', '1.4']),
        msteams: z.object({}),
        body: z.array(
          z.strictObject({
            type: z.literal('RichTextBlock'),
            spacing: z.string(),
            inlines: z.array(runSchema),
          }),
        ),
        actions: z
          .array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() }))
          .optional(),
      }),
    }),
  ]),
});
export type Card = z.output<typeof cardSchema>['attachments'][0]['content'];

export interface TeamsStandIn extends StandIn {
  readonly cards: readonly Card[];
  /** As a workflow has it. */
  readonly url: string;
}

/** Teams wraps the card: a body of 24.5 kB was too large. A workflow answers 202 before it posts anything. */
const largestBody = 24_000;
const path = '/workflows/abc/triggers/manual/paths/invoke';
const query = '?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=a%2Bb-C_d';

export async function startTeams(): Promise<TeamsStandIn> {
  const cards: Card[] = [];
  const standIn = await startStandIn(({ url, text }) => {
    if (`${url.pathname}${url.search}` !== `${path}${query}`) return { status: 401 };
    if (Buffer.byteLength(text) > largestBody) return { status: 413 };
    cards.push(cardSchema.parse(JSON.parse(text)).attachments[0].content);
    return { status: 202, body: '' };
  });
  return { ...standIn, cards, url: `${standIn.origin}${path}${query}` };
}

const plain = (length: number) =>
  z.strictObject({ type: z.literal('plain_text'), emoji: z.boolean(), text: z.string().min(1).max(length) });

const blockSchema = z.union([
  z.strictObject({ type: z.literal('header'), text: plain(150) }),
  z.strictObject({ type: z.literal('section'), text: plain(3000) }),
  z.strictObject({ type: z.literal('section'), fields: z.array(plain(2000)).min(1).max(10) }),
  z.strictObject({
    type: z.literal('actions'),
    elements: z.array(
      z.strictObject({
        type: z.literal('button'),
        text: plain(75),
        url: z.url().max(3000),
        action_id: z.string(),
      }),
    ),
  }),
]);

const slackSchema = z.strictObject({
  text: z.string().min(1),
  ...{ unfurl_links: z.literal(false), unfurl_media: z.literal(false) },
  blocks: z.array(blockSchema).max(50),
});
export type SlackPost = z.output<typeof slackSchema>;

export interface SlackStandIn extends StandIn {
  readonly posts: readonly SlackPost[];
  readonly url: string;
}

export async function startSlack(): Promise<SlackStandIn> {
  const posts: SlackPost[] = [];
  const standIn = await startStandIn(
    ({ url, text }) => {
      if (url.pathname !== '/services/T0/B0/secret') return { status: 404, body: 'no_service' };
      // Entities count as the signs that they stand for.
      const decoded = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
      if (!slackSchema.safeParse(JSON.parse(decoded)).success) return { status: 400, body: 'invalid_blocks' };
      const post: unknown = JSON.parse(text);
      posts.push(z.custom<SlackPost>().parse(post));
      return { status: 200, body: 'ok' };
    },
    { status: 400, body: 'invalid_payload' },
  );
  return { ...standIn, posts, url: `${standIn.origin}/services/T0/B0/secret` };
}

const eventSchema = z.strictObject({
  routing_key: z.string(),
  event_action: z.enum(['trigger', 'resolve']),
  dedup_key: z.string().min(1).max(255),
  client: z.string().optional(),
  client_url: z.url().optional(),
  links: z.array(z.strictObject({ href: z.url(), text: z.string() })).optional(),
  payload: z
    .strictObject({
      ...{ summary: z.string().min(1).max(1024), source: z.string().min(1) },
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      ...{ timestamp: z.iso.datetime(), class: z.string() },
      custom_details: z.record(z.string(), z.unknown()),
    })
    .optional(),
});

export interface Incident {
  readonly key: string;
  readonly isOpen: boolean;
  readonly events: number;
  readonly summary: string;
}

export interface PagerDutyStandIn extends StandIn {
  readonly incidents: readonly Incident[];
}

/** Events with the key of an open incident are added to it; those with that of a resolved one open another. */
export async function startPagerDuty(key: string): Promise<PagerDutyStandIn> {
  const incidents: Incident[] = [];
  const standIn = await startStandIn(
    ({ url, text }) => {
      if (url.pathname !== '/v2/enqueue') return { status: 404 };
      const event = eventSchema.parse(JSON.parse(text));
      if (event.routing_key !== key)
        return { status: 400, body: { status: 'invalid event', errors: ["'routing_key' is invalid"] } };
      const at = incidents.findIndex((each) => each.key === event.dedup_key && each.isOpen);
      const found = incidents[at];
      const isOpen = event.event_action === 'trigger';
      if (found !== undefined) incidents[at] = { ...found, isOpen, events: found.events + 1 };
      else if (isOpen)
        incidents.push({ key: event.dedup_key, isOpen, events: 1, summary: event.payload?.summary ?? '' });
      return { status: 202, body: { status: 'success', dedup_key: event.dedup_key } };
    },
    { status: 400, body: { status: 'invalid event', errors: ["'payload.severity' is invalid"] } },
  );
  return { ...standIn, incidents };
}
