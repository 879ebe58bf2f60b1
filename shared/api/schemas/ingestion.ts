/** States of ingestion, in answers. */
import * as z from 'zod';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { tenantStates } from '../../tenants/tenant.ts';
import { searchedRange } from './backfills.ts';
import { count, feedSubscription, pollMembers, retainedFrom } from './tenant-members.ts';
import { completeThrough, moment, nextLink } from './times.ts';

const share = z.number().min(0).max(1);

const lateness = z
  .strictObject({
    samples: count.meta({ description: 'Content blobs that were measured; older ones count less and less.' }),
    p50Seconds: count.meta({ description: 'Half of them were listed by this age; 0 for the first listing.' }),
    p99Seconds: count.meta({ description: '99 percent of them were listed by this age.' }),
    maxSeconds: count.meta({ description: 'All of them were listed by this age.' }),
  })
  .meta({
    id: 'Lateness',
    description:
      'How long after its publication content is listed, as far as the listings of a time show it: the first one, those at an age of 10 minutes, 1, 6, and 18 hours, and the reconciliation (7 days).',
  });

const typeIngestion = z
  .strictObject({
    ...feedSubscription.shape,
    enabled: z.boolean().optional().meta({
      description: 'Whether Microsoft delivers the content; absent while that is unknown.',
    }),
    cure: z.string().optional().meta({ description: 'What to do if it is not enabled.' }),
    collectedFromDateTime: moment(
      'When it was listed first; content published before may be missing.',
    ).optional(),
    listedThrough: moment(
      'Content published before this time has been listed; what Microsoft lists later is found when it is listed again.',
    ).optional(),
    completeThrough,
    confidence: share
      .meta({
        description:
          'Share of content before completeThrough that is found in time, by the history of the tenant: the rest is listed later. A short history proves little. Absent without one.',
      })
      .optional(),
    lateness: lateness.optional(),
    lagSeconds: count.optional().meta({
      description: 'How far completeThrough is in the past, in seconds; absent while it is unknown.',
    }),
    pending: count.meta({ description: 'Pending content blobs.' }),
    oldestPendingDateTime: moment('When the oldest pending content blob was published.').optional(),
  })
  .meta({ id: 'ContentTypeIngestion' });

const ingestionMembers = {
  idle: z.boolean().meta({ description: 'Everything that was listed is indexed.' }),
  completeThrough,
  pending: count.meta({ description: 'Pending content blobs.' }),
  rejected: count.meta({
    description:
      'Content blobs that could not be read, or not as a whole. The whole records of them are collected.',
  }),
  rejectedParts: count.meta({
    description: 'Parts of rejected content blobs that are not records; their bodies are kept as received.',
  }),
  unindexedLandings: count,
  recordsIndexing: count.meta({
    description:
      'Records processed so far of the landings that are not indexed, which recordsIndexed does not count. Updated every 5,000 records.',
  }),
  gaps: count.meta({
    description: 'Time ranges and content blobs that are permanently lost.',
  }),
  backfilled: z.array(searchedRange).meta({
    description: 'Where backfills have searched the whole audit log of Microsoft, merged.',
  }),
  ...pollMembers,
};

export const ingestionSchema = z
  .strictObject({
    tenantId: z.guid(),
    ...ingestionMembers,
    contentTypes: z.array(typeIngestion),
    retainedFromDateTime: retainedFrom.optional(),
    totalsSinceDateTime: moment('The totals below count from this time.'),
    contentBlobs: count,
    recordsLanded: count,
    recordsIndexed: count,
    duplicates: count,
    notUnderstood: count,
  })
  .meta({ id: 'Ingestion' });

export const ingestionListSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({
          tenantId: z.guid(),
          displayName: z.string(),
          state: z.enum(tenantStates).meta({ id: 'TenantState' }),
          ...ingestionMembers,
          lagSeconds: count.optional().meta({
            description: 'How far completeThrough is in the past, in seconds; absent while it is unknown.',
          }),
          oldestPendingDateTime: moment('When the oldest pending content blob was published.').optional(),
          disabledContentTypes: z
            .array(contentTypeSchema)
            .meta({ description: 'What Microsoft does not deliver; GET …/ingestion says why.' }),
        })
        .meta({ id: 'TenantIngestion' }),
    ),
    nextLink,
  })
  .meta({ id: 'IngestionList' });
