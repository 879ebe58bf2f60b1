/** The kind of report `signIns`. */
import * as z from 'zod';
import { withPast } from '../../past.ts';
import { reportKind, type ReportKind } from '../../report-kind.ts';
import { openSignIns, stateSchema } from './collector.ts';
import { failuresTable } from './failures-section.ts';
import { findingsTable } from './findings-section.ts';
import { networksTable } from './networks-section.ts';
import { waysTable } from './ways-section.ts';

export const signIns: ReportKind = reportKind({
  name: 'signIns',
  title: 'Sign-ins',
  description:
    'Who failed to sign in and why, who signed in from networks that are new for the person, and what looks like an attack.',
  options: z.strictObject({}),
  needs: ['collection', 'pastGaps'],
  reads: ({ range }) => withPast(range),
  tables: [findingsTable, failuresTable, networksTable, waysTable],
  state: stateSchema,
  open: openSignIns,
});
