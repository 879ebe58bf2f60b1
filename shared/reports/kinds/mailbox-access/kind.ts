/** The kind of report `mailboxAccess`. */
import { reportKind, type ReportKind } from '../../report-kind.ts';
import { declaredMailboxAccess } from './declaration.ts';
import { openMailboxAccess, stateSchema } from './collector.ts';

export const mailboxAccess: ReportKind = reportKind({
  ...declaredMailboxAccess,
  needs: ['mailboxes', 'postures'],
  state: stateSchema,
  open: openMailboxAccess,
});
