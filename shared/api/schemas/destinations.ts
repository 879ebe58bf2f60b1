/** Destinations in answers. */
import * as z from 'zod';
import { testSteps } from '../../destinations/kind.ts';
import { kindNames } from '../../destinations/kinds/kinds.ts';
import { bodyFilters } from '../filters-in-bodies.ts';
import { sendingStatus } from './sending-status.ts';
import { moment } from './times.ts';

export const destinationKind = z.enum(kindNames).meta({
  id: 'DestinationKind',
  description: 'What the destination is, which decides its settings.',
});

export const destinationSettings = z.record(z.string(), z.unknown()).meta({
  description: 'Settings of the kind, without secrets: they name secrets in Key Vault.',
});

export const destinationSchema = z
  .strictObject({
    id: z.guid().meta({ title: 'Destination ID' }),
    displayName: z.string(),
    kind: z.string().meta({ description: 'Kind of the destination.' }),
    settings: destinationSettings,
    tenants: z.string().meta({
      description: 'The IDs and tags of the tenants whose records are sent; an asterisk: all.',
    }),
    filters: bodyFilters.optional(),
    search: z.string().optional().meta({ description: 'Name of the saved search, if there are no filters.' }),
    createdBy: z.string(),
    status: sendingStatus,
    createdDateTime: moment('When it was created.'),
    startDateTime: moment('Records that arrived before are not sent.'),
    endDateTime: moment('Records that arrive at this moment or later are not sent.').optional(),
    lastError: z.string().optional().meta({ description: 'Why the last attempt failed.' }),
    nextStep: z.string().optional().meta({ description: 'What to do about it; absent if it may pass.' }),
    failingSinceDateTime: moment('When attempts began to fail.').optional(),
    nextAttemptDateTime: moment('When the next attempt is made.').optional(),
  })
  .meta({ id: 'Destination' });

export const destinationListSchema = z
  .strictObject({ value: z.array(destinationSchema) })
  .meta({ id: 'DestinationList' });

const count = (description: string) => z.int().meta({ description });

export const destinationTenantsSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({
          tenantId: z.guid().meta({ title: 'Tenant ID' }),
          tenantDisplayName: z.string(),
          status: z.enum(['current', 'behind', 'undecided']).meta({
            id: 'DestinationProgressStatus',
            description:
              'Whether everything that arrived was sent; undecided: all but the last records, which were refused, and the next record will show whether they are at fault.',
          }),
          oldestPendingDateTime: moment('When the oldest records arrived that were not sent.').optional(),
          lastSentDateTime: moment('When records were last sent.').optional(),
          sent: count('Records that the destination has accepted.'),
          duplicates: count('Records that the destination had already, if it can tell.'),
          rejected: count('Records that became dead letters.'),
          completeThrough: moment(
            'Everything published before, and collected since the destination began, was sent or is a dead letter; absent where that is not known.',
          ).optional(),
        })
        .meta({ id: 'DestinationProgress' }),
    ),
    completeThrough: moment('The earliest of all tenants; absent if that of one is not known.').optional(),
  })
  .meta({ id: 'DestinationProgressList' });

export const deadLetterListSchema = z
  .strictObject({
    value: z.array(
      z
        .strictObject({
          tenantId: z.guid().meta({ title: 'Tenant ID' }),
          recordId: z.string(),
          cause: z.string().meta({ description: 'Why the destination refuses the record.' }),
          refusedDateTime: moment('When it was refused.'),
        })
        .meta({ id: 'DeadLetter' }),
    ),
  })
  .meta({ id: 'DeadLetterList' });

export const destinationTestSchema = z
  .strictObject({
    succeeded: z.boolean(),
    steps: z.array(
      z
        .strictObject({
          step: z.enum(testSteps).meta({ id: 'DestinationTestStepName' }),
          succeeded: z.boolean(),
          detail: z.string(),
          nextStep: z.string().optional().meta({ description: 'What to do if it failed.' }),
        })
        .meta({ id: 'DestinationTestStep' }),
    ),
  })
  .meta({ id: 'DestinationTest' });
