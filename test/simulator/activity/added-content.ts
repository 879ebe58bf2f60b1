/** Content that tests add while the simulator runs. */

import * as z from 'zod';
import type { ContentBlob, ContentDraft } from './content-blob.ts';
import {
  bodyOfBytes,
  bodyOfGenerated,
  bodyOfGeneratedBytes,
  bodyOfRecords,
  type ContentBody,
} from './content-body.ts';
import type { Feed } from './feed.ts';
import { seedOf } from '../random.ts';
import { generateRecords } from '../synthetic-records.ts';
import { feedContentTypeSchema, momentSchema } from '../tenant-schema.ts';
import type { SimulatedTenant } from '../tenant.ts';

const whenSchema = momentSchema.optional();

/** One content blob with these records, with their text unchanged. */
const recordsSchema = z.strictObject({
  kind: z.literal('records'),
  contentType: feedContentTypeSchema,
  texts: z.array(z.string()).readonly(),
  lineBreaks: z.boolean().default(false),
  /** @default now */
  contentCreated: whenSchema,
});

/** One content blob with exactly this body. */
const rawSchema = z.strictObject({
  kind: z.literal('raw'),
  contentType: feedContentTypeSchema,
  body: z
    .union([z.strictObject({ text: z.string() }), z.strictObject({ base64: z.base64() })])
    .transform((body) => ('text' in body ? Buffer.from(body.text) : Buffer.from(body.base64, 'base64'))),
  contentCreated: whenSchema,
});

/** Many content blobs of synthetic records, spread evenly over [from, to). */
export const generatedContentSchema = z.strictObject({
  kind: z.literal('generated'),
  blobs: z.int().positive(),
  recordsPerBlob: z.int().positive(),
  /** Used round-robin. */
  contentTypes: z
    .array(feedContentTypeSchema)
    .min(1)
    .readonly()
    .default(['Audit.Exchange', 'Audit.SharePoint', 'Audit.AzureActiveDirectory', 'Audit.General']),
  seed: z.int().default(1),
  /** @default 20 hours ago */
  from: whenSchema,
  /** @default now */
  to: whenSchema,
  /** Generates the body for every request, using little memory, instead of keeping its bytes. */
  stream: z.boolean().default(false),
});

/** The same content, redelivered in new content blobs. */
const redeliverySchema = z.strictObject({
  kind: z.literal('redelivery'),
  /** @default everything published so far */
  contentIds: z.array(z.string()).readonly().optional(),
  /** @default now */
  contentCreated: whenSchema,
});

export const addedContentSchema = z.discriminatedUnion('kind', [
  recordsSchema,
  rawSchema,
  generatedContentSchema,
  redeliverySchema,
]);

/** Content in its JSON form, with times in ISO 8601. */
export type AddedContent = z.input<typeof addedContentSchema>;

export type ParsedContent = z.output<typeof addedContentSchema>;

type Generated = z.output<typeof generatedContentSchema>;

const defaultSpreadMs = 20 * 60 * 60 * 1000;

/**
 * Publishes content in a tenant's feed and returns the new content blobs.
 * @throws Error when content to redeliver does not exist
 */
export const publishContent = (
  target: { readonly tenant: SimulatedTenant; readonly feed: Feed },
  content: ParsedContent,
  now: Date,
): readonly ContentBlob[] => draftsOf(target, content, now).map((draft) => target.feed.publish(draft));

const draftsOf = (
  { tenant, feed }: { readonly tenant: SimulatedTenant; readonly feed: Feed },
  added: ParsedContent,
  now: Date,
): readonly ContentDraft[] => {
  switch (added.kind) {
    case 'records':
      return [draftOf(added, bodyOfRecords(added.texts, { lineBreaks: added.lineBreaks }), now)];
    case 'raw':
      return [draftOf(added, bodyOfBytes(added.body), now)];
    case 'generated':
      return generatedDrafts(tenant, added, now);
    case 'redelivery':
      return originalsOf(feed, added.contentIds).map(({ contentType, body }) =>
        draftOf({ contentType, contentCreated: added.contentCreated }, body, now),
      );
  }
};

const draftOf = (
  { contentType, contentCreated }: Pick<z.output<typeof rawSchema>, 'contentType' | 'contentCreated'>,
  body: ContentBody,
  now: Date,
): ContentDraft => ({ contentType, contentCreated: contentCreated ?? now, body });

const generatedDrafts = (tenant: SimulatedTenant, added: Generated, now: Date): readonly ContentDraft[] => {
  const to = (added.to ?? now).getTime();
  const from = added.from?.getTime() ?? to - defaultSpreadMs;
  return Array.from({ length: added.blobs }, (_, index) => {
    const contentCreated = new Date(from + Math.floor(((to - from) * index) / added.blobs));
    return generatedDraft(tenant, added, { index, contentCreated });
  });
};

const generatedDraft = (
  { tenantId, domain }: SimulatedTenant,
  { contentTypes, recordsPerBlob, seed, stream }: Generated,
  { index, contentCreated }: { readonly index: number; readonly contentCreated: Date },
): ContentDraft => {
  const contentType = contentTypes[index % contentTypes.length] ?? 'Audit.General';
  const generate = function* (): Generator<string> {
    const blobSeed = seedOf(seed, tenantId, index);
    const options = {
      tenantId,
      domain,
      contentType,
      count: recordsPerBlob,
      seed: blobSeed,
      now: contentCreated,
    };
    for (const { text } of generateRecords(options)) yield text;
  };
  const body = stream
    ? bodyOfGenerated(recordsPerBlob, generate)
    : bodyOfGeneratedBytes(recordsPerBlob, generate);
  return { contentType, contentCreated, body };
};

const originalsOf = (feed: Feed, contentIds: readonly string[] | undefined): readonly ContentBlob[] =>
  contentIds === undefined ? feed.all() : contentIds.map((contentId) => originalOf(feed, contentId));

const originalOf = (feed: Feed, contentId: string): ContentBlob => {
  const original = feed.find(contentId);
  if (original === undefined) throw new Error(`Content ${contentId} does not exist.`);
  return original;
};
