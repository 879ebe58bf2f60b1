/** The ledger, in answers. */
import * as z from 'zod';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { ledgerStateSchema } from '../../landing/public-ledger.ts';
import { moment, nextLink } from './times.ts';

const entrySchema = z
  .strictObject({
    contentType: contentTypeSchema,
    contentId: z.string().meta({ description: "Microsoft's ID of the content blob." }),
    contentCreatedDateTime: moment('When Microsoft published it.'),
    state: ledgerStateSchema.meta({
      description:
        'pending: not fetched yet. retrying: its body was rejected, and it is fetched again. landed: its records are collected. gone, rejected: it is lost, and a gap says why.',
    }),
    attempts: z.int().meta({ description: 'How often it was fetched.' }),
    records: z.int().optional().meta({ description: 'Its records that are collected.' }),
    bytes: z.int().optional().meta({ description: 'Length of its body.' }),
    sha256: z.string().optional().meta({ description: 'SHA-256 of its body as received, in hexadecimal.' }),
    code: z
      .string()
      .optional()
      .meta({ description: "Microsoft's or Auditkeep's code for why it did not land." }),
    landingId: z.string().optional().meta({ description: 'The landing that holds its records.' }),
    nextAttemptDateTime: moment('When it is fetched again.').optional(),
    expirationDateTime: moment('Until when Microsoft serves it.'),
  })
  .meta({ id: 'LedgerEntry' });

export const ledgerSchema = z
  .strictObject({ value: z.array(entrySchema), nextLink })
  .meta({ id: 'LedgerList' });
