/** A message: one matter that people must know of, in words, whatever found it and wherever it is sent. */
import * as z from 'zod';
import { severities, severitySchema } from '../detection/severity.ts';

/** What finds matters. `test`: someone tests a channel. */
export const topics = ['findings', 'drift', 'gaps', 'enablements', 'reports', 'test'] as const;
export const topicSchema = z.enum(topics).meta({ id: 'ChannelTopic' });

const text = (length: number) => z.string().max(length);

const factSchema = z.object({ name: text(80), value: text(500) });

/** The most facts of a message. */
export const maxFacts = 16;

/** One of several matters that a message is about. */
const itemSchema = z.object({
  severity: severitySchema,
  tenantName: text(256).optional(),
  title: text(200),
});

/** A file of an operation, read when it is sent. */
const attachmentSchema = z.object({ name: text(200), contentType: text(100), file: text(500) });
export type AttachedFile = Readonly<z.output<typeof attachmentSchema>>;

/**
 * Texts may come from records: nothing in them is trusted, and each kind of channels escapes them for its format. Together
 * they fit into a column of storage.
 */
export const messageSchema = z.object({
  /** Names the matter: the same whenever and however often it is found. */
  key: text(200),
  /** From 1; grows when the matter changes. */
  revision: z.int().min(1),
  topic: topicSchema,
  severity: severitySchema,
  /** Absent: it is about the deployment, or about several tenants. */
  tenant: z.object({ tenantId: z.guid(), displayName: text(256) }).optional(),
  /** A few words that do not change with the matter. */
  title: text(200),
  /** What happened, in one sentence. */
  sentence: text(1000),
  facts: z.array(factSchema).max(maxFacts).readonly().default([]),
  /** What to do. */
  nextSteps: text(1000).optional(),
  /** Below the address of the console: `/findings/…`. */
  path: text(500).optional(),
  attachments: z.array(attachmentSchema).max(16).readonly().default([]),
  /** What mail shows below the details, as {@link attachmentSchema} names files. */
  body: text(500).optional(),
  /** IDs: of the channels that it is for, only these get it. */
  channels: z.array(z.guid()).max(20).readonly().optional(),
  /** The first ones, of a message about several matters. */
  items: z.array(itemSchema).max(20).readonly().default([]),
  /** How many matters it is about. */
  count: z.int().min(1).default(1),
  /** It needs no attention anymore. */
  closed: z.boolean().default(false),
  /** When it was found, ISO 8601. */
  createdDateTime: z.iso.datetime(),
});
export type Message = Readonly<z.output<typeof messageSchema>>;
export type NewMessage = Readonly<z.input<typeof messageSchema>>;

/** At most so many UTF-16 code units, and no half of a pair at the end. */
export function shortened(value: string, length: number): string {
  return value.length <= length ? value : `${value.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A message from texts of any length. */
export function messageOf(wanted: NewMessage): Message {
  const { facts = [], items = [] } = wanted;
  return messageSchema.parse({
    ...wanted,
    tenant: wanted.tenant && {
      ...wanted.tenant,
      displayName: shortened(wanted.tenant.displayName, 256),
    },
    title: shortened(wanted.title, 200),
    sentence: shortened(wanted.sentence, 1000),
    nextSteps: wanted.nextSteps && shortened(wanted.nextSteps, 1000),
    facts: facts
      .slice(0, maxFacts)
      .map(({ name, value }) => ({ name: shortened(name, 80), value: shortened(value, 500) })),
    items: items.slice(0, 20).map(({ severity, title, tenantName }) => ({
      severity,
      title: shortened(title, 200),
      tenantName: tenantName && shortened(tenantName, 256),
    })),
  });
}

/** Whether one severity is at least the other. */
export function isAtLeast(one: Message['severity'], other: Message['severity']): boolean {
  return severities.indexOf(one) >= severities.indexOf(other);
}
