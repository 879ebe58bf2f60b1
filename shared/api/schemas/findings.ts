/** Findings in answers. */
import * as z from 'zod';
import { findingStates, notificationKinds } from '../../detection/finding.ts';
import { severitySchema } from '../../detection/severity.ts';
import { moment, nextLink } from './times.ts';

export const findingState = z.enum(findingStates).meta({ id: 'FindingState' });

export const findingSchema = z
  .strictObject({
    id: z.guid().meta({ title: 'Finding ID' }),
    tenantId: z.guid().meta({ title: 'Tenant ID' }),
    tenantDisplayName: z.string(),
    watchId: z.guid().meta({ title: 'Watch ID' }),
    severity: severitySchema,
    state: findingState,
    sentence: z.string().meta({ description: 'What happened, in words.' }),
    count: z.int().meta({ description: 'Records that matched.' }),
    countIsExact: z.boolean().meta({
      description: 'False when there were too many to know each, so that one may be counted twice.',
    }),
    rule: z
      .strictObject({
        id: z.string(),
        title: z.string(),
        nextSteps: z.string().meta({ description: 'What to do about it.' }),
        author: z.string().optional(),
        license: z.string().optional(),
        references: z.array(z.string()),
      })
      .meta({ id: 'FindingRule' }),
    group: z
      .array(z.strictObject({ member: z.string(), value: z.string() }).meta({ id: 'FindingGroupValue' }))
      .meta({ description: 'What the records have in common.' }),
    firstDateTime: moment('When the first record was created.'),
    lastDateTime: moment('When the last record was created.'),
    createdDateTime: moment('When it was found.'),
    records: z
      .array(
        z
          .strictObject({
            id: z.string(),
            createdDateTime: moment('When it was created.'),
            sentence: z.string(),
          })
          .meta({ id: 'FindingRecord' }),
      )
      .meta({ description: 'The first ten records.' }),
    notification: z.enum(notificationKinds).meta({
      id: 'FindingNotification',
      description:
        'Whether channels are notified; tooOld: the records are imported, or older than eight days.',
    }),
    changedBy: z.string().optional().meta({ description: 'Who changed the state.' }),
    changedDateTime: moment('When the state was changed.').optional(),
    reason: z.string().optional().meta({ description: 'Why the state was changed.' }),
  })
  .meta({ id: 'Finding' });

export const findingListSchema = z
  .strictObject({ value: z.array(findingSchema), nextLink })
  .meta({ id: 'FindingList' });
