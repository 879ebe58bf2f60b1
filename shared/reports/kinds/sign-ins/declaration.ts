/** What a request can name of the kind `signIns`: a cold start reads it, without what computes such a report. */
import * as z from 'zod';
import type { DeclaredKind } from '../../report-kind.ts';
import { failuresTable, findingsTable, networksTable, waysTable } from './tables.ts';

export const declaredSignIns = {
  name: 'signIns',
  title: 'Sign-ins',
  description:
    'Who failed to sign in and why, who signed in from networks that are new for the person, and what looks like an attack.',
  options: z.strictObject({}),
  tables: [findingsTable, failuresTable, networksTable, waysTable],
} satisfies DeclaredKind;
