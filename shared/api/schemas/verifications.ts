/** Verifications in answers. */
import * as z from 'zod';
import { differenceKinds } from '../../verification/difference.ts';
import { verificationModes } from '../../verification/verification.ts';
import { errorMembers, historyMembers, identityMembers } from './operation-members.ts';
import { moment } from './times.ts';

export const verificationMode = z.enum(verificationModes).meta({ id: 'VerificationMode' });
const differenceKind = z.enum(differenceKinds).meta({ id: 'DifferenceKind' });
const count = (description: string) => z.int().meta({ description });

const members = {
  ...identityMembers('Verification ID'),
  fromDateTime: moment(
    'The beginning of the time of landing; absent for the beginning of the trail.',
  ).optional(),
  toDateTime: moment('The end of the time of landing, which is not part of it.'),
  mode: verificationMode.optional().meta({
    description: 'Whether all landings are compared with the index, or a sample. Absent until it is decided.',
  }),
  seed: z.string().optional().meta({ description: 'Selects the same sample again.' }),
  landingCount: count('Landings that were found, each with its raw blob or named without.'),
  comparedCount: count('Of them, those whose raw blob was read and compared, line by line.'),
  pendingCount: count('Of these, those that are not indexed yet: they were not compared with the index.'),
  recordCount: count('Records that were read.'),
  indexRowCount: count('Rows of the index that were compared.'),
  checkedRowCount: count(
    'Rows of the index that were read to find those that no record explains; all of them, or in a sample up to 1,000 of each month and dimension.',
  ),
  linkCount: count('Links of the chain of landings that were computed again.'),
  differenceCount: count('Differences. 0: everything that was compared agrees.'),
  differenceKinds: z
    .array(
      z
        .strictObject({
          kind: differenceKind,
          count: z.int(),
          message: z.string().meta({ description: 'What differs, for people.' }),
          cure: z.string(),
        })
        .meta({ id: 'DifferenceCount' }),
    )
    .meta({ description: 'How many differences there are of each kind, and what to do about them.' }),
  ...historyMembers,
  ...errorMembers,
};

export const verificationSchema = z.strictObject(members).meta({ id: 'Verification' });

const differenceSchema = z
  .strictObject({
    kind: differenceKind,
    landingId: z.string().optional(),
    blobName: z.string().optional().meta({ description: 'Name in the container raw.' }),
    contentId: z.string().optional().meta({ description: "Microsoft's ID of the content blob." }),
    recordId: z.string().optional(),
    line: z.int().optional().meta({ description: 'Line of the raw blob, from 0.' }),
    table: z.string().optional().meta({ description: 'Month and dimension of the index.' }),
    link: z.int().optional().meta({ description: 'Number in the chain of landings.' }),
    detail: z.string().optional(),
  })
  .meta({ id: 'Difference' });

export const verificationResultSchema = z
  .strictObject({
    ...members,
    differences: z.array(differenceSchema).meta({
      description: 'The first 500 differences, at most 20 of a kind in each landing.',
    }),
  })
  .meta({ id: 'VerificationResult' });

export const verificationListSchema = z
  .strictObject({ value: z.array(verificationSchema) })
  .meta({ id: 'VerificationList' });
