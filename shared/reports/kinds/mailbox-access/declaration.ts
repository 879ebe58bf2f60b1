/** What a request can name of the kind `mailboxAccess`: a cold start reads it, without what computes such a report. */
import * as z from 'zod';
import type { DeclaredKind } from '../../report-kind.ts';
import { accessTable, permissionsTable, recordsTable, unknownTable, waysTable } from './tables.ts';

export const declaredMailboxAccess = {
  name: 'mailboxAccess',
  title: 'Mailboxes used by others',
  description:
    'Who opened or changed whose mailbox without being its owner: how often, from where, with which permission, and what cannot be known.',
  options: z.strictObject({
    mailbox: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .meta({ title: 'Mailbox', description: 'Only this mailbox, by any name; without it, all.' }),
    includeServices: z.boolean().default(false).meta({
      title: 'Include services',
      description: 'Whether what Microsoft’s own services did is listed; it is counted in any case.',
    }),
  }),
  tables: [accessTable, waysTable, recordsTable, permissionsTable, unknownTable],
} satisfies DeclaredKind;
