/** Certificates in answers. */
import * as z from 'zod';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { incompleteReasons } from '../../evidence/certificate.ts';
import { checkpointFormats } from '../../evidence/checkpoint-tree.ts';
import { lostSchema } from './gaps.ts';
import { completeThrough, moment } from './times.ts';

const count = (description: string) => z.number().meta({ description });
const hash = (description: string) => z.string().meta({ description: `${description} SHA-256, hex.` });

const linkSchema = z
  .strictObject({
    number: count('From 1, without gaps.'),
    previous: hash('The hash of the link before it; 64 zeros in the first.'),
    hash: hash('Over all other members and the tenant; see docs/evidence.md.'),
    landingId: z.string(),
    blobName: z.string().meta({ description: 'The name of its raw blob in the container raw.' }),
    landedDateTime: moment('When it landed.'),
    importId: z.string().optional().meta({ description: 'The import that made it; absent for the feed.' }),
    contentBlobs: count('Content blobs in it.'),
    records: count('Records in it.'),
    bytes: count('Bytes of its text, uncompressed.'),
    textSha256: hash('Of its text, uncompressed.').optional(),
    hashedAt: z
      .enum(['landing', 'indexing'])
      .optional()
      .meta({ description: 'When its text was hashed; indexing: it landed with an earlier release.' }),
    contentsSha256: hash('Of its content blobs, as the ledger has them.').optional(),
    linkedDateTime: moment('When it was linked.'),
  })
  .meta({ id: 'ChainLink' });

const stepSchema = z
  .strictObject({ side: z.enum(['left', 'right']), hash: hash('The neighbor.') })
  .meta({ id: 'TreeStep' });

const checkpointSchema = z
  .strictObject({
    format: z.enum(checkpointFormats).meta({ description: 'What its hash covers; see docs/evidence.md.' }),
    date: z.iso.date().meta({ description: 'Its day, UTC.' }),
    takenDateTime: moment('When it was taken.'),
    chains: z
      .number()
      .optional()
      .meta({ description: 'Chains in it, of all tenants; only in the format of earlier releases.' }),
    root: hash('The root of the tree over the chains of all tenants.'),
    previousDate: z.iso.date().optional(),
    previousHash: hash('The hash of the checkpoint before it.').optional(),
    missedDays: count('Days before it that have none.'),
    hash: hash('Over all that precedes, except missedDays.'),
    number: z.number().optional().meta({ description: 'The newest link of the tenant at that time.' }),
    head: hash('The hash of that link.').optional(),
    statementSha256: hash(
      'Of what the tenant lacked at that time: statements/{tenantId}/{statementSha256}.jsonl in the container evidence.',
    ).optional(),
    leaf: hash('The leaf of the tenant in the tree.').optional(),
    path: z.array(stepSchema).meta({ description: 'From the leaf to the root.' }),
    matchesChain: z.boolean().meta({
      description:
        'It is as it was taken, and the chain of the tenant still has the link that it names; or the chain began later.',
    }),
    statementHolds: z.boolean().meta({
      description: 'What the tenant lacked at that time is missing today, or landed since.',
    }),
  })
  .meta({ id: 'EvidenceCheckpoint' });

const contentSchema = z
  .strictObject({
    listed: count('All that Microsoft listed.'),
    landed: count('Those that landed.'),
    pending: count('Those that are not fetched yet.'),
    retrying: count('Those whose body could not be read, and which are fetched again.'),
    gone: count('Those that Microsoft listed and did not have.'),
    rejected: count('Those whose body could not be read at any attempt.'),
    records: count('Records of those that landed.'),
    bytes: count('Bytes of the bodies of those that landed.'),
  })
  .meta({ description: 'Content blobs that Microsoft published in the range.' });

const landingsSchema = z
  .strictObject({
    landed: count('All of them.'),
    indexed: count('Those in the index.'),
    linked: count('Those in the chain.'),
    records: count('Records in them, including those that were delivered twice.'),
    bytes: count('Bytes of their text, uncompressed.'),
    hashedAtIndexing: count('Those whose text was not hashed as it landed.'),
  })
  .meta({ description: 'Landings in the range, of the feed and of imports.' });

const chainSchema = z
  .strictObject({
    isIntact: z
      .boolean()
      .meta({ description: 'Whether each link follows the one before, and its hash covers it.' }),
    faultNumber: z.number().optional().meta({ description: 'The first link that does not.' }),
    fault: z.enum(['missing', 'disconnected', 'altered']).optional(),
    firstNumber: z.number().optional(),
    lastNumber: z.number().optional(),
    previous: hash('The hash of the link before the first.').optional(),
    lastHash: hash('The hash of the last link.').optional(),
    links: z.array(linkSchema),
  })
  .meta({
    description:
      'The links from the first to the last landing of the range; some may be of landings outside it.',
  });

export const certificateSchema = z
  .strictObject({
    format: z.literal('auditkeep-certificate-1'),
    apiVersion: z.string(),
    tenantId: z.guid(),
    from: moment('The beginning of the range.'),
    to: moment('The end of the range, which is not part of it.'),
    issuedDateTime: moment('When it was issued: everything in it was read after this moment.'),
    issuedTo: z.string().meta({ description: 'The caller, as in the access log.' }),
    isComplete: z.boolean().meta({
      description:
        'Everything that Microsoft published in the range was landed and indexed, the links follow each other, and the checkpoints have them and what was missing then. True only if there are no incompleteReasons. Texts and ledger rows are not compared with the links: docs/evidence.md has the commands.',
    }),
    incompleteReasons: z
      .array(z.enum(incompleteReasons).meta({ id: 'IncompleteReason' }))
      .meta({ description: 'Why it does not say that everything is there; see docs/evidence.md.' }),
    completeThrough,
    contentTypes: z.array(contentTypeSchema).meta({ description: 'The content types that are collected.' }),
    content: contentSchema,
    gaps: z.array(lostSchema).meta({ description: 'What is permanently lost of the range.' }),
    landings: landingsSchema,
    chain: chainSchema,
    checkpoints: z.array(checkpointSchema),
    daysWithoutCheckpoint: z.array(z.iso.date()),
  })
  .meta({ id: 'Certificate' });
