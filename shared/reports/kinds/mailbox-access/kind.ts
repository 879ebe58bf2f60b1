/** The kind of report `mailboxAccess`. */
import * as z from 'zod';
import { reportKind, type ReportKind } from '../../report-kind.ts';
import { accessTable, waysTable } from './access-section.ts';
import { openMailboxAccess, stateSchema } from './collector.ts';
import { permissionsTable } from './permissions-section.ts';
import { recordsTable } from './records-section.ts';
import { unknownTable } from './unknown-section.ts';

export const mailboxAccess: ReportKind = reportKind({
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
  needs: ['mailboxes', 'postures'],
  tables: [accessTable, waysTable, recordsTable, permissionsTable, unknownTable],
  state: stateSchema,
  open: openMailboxAccess,
});
