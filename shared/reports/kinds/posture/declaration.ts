/** What a request can name of the kind `posture`: a cold start reads it, without what computes such a report. */
import * as z from 'zod';
import type { DeclaredKind } from '../../report-kind.ts';
import { driftTable, findingsTable, freshnessTable, mailboxesTable } from './tables.ts';

export const declaredPosture = {
  name: 'posture',
  title: 'Audit posture',
  description: 'Whether auditing is on, how fresh and complete the records are, and what to do next.',
  options: z.strictObject({}),
  tables: [findingsTable, freshnessTable, mailboxesTable, driftTable],
} satisfies DeclaredKind;
