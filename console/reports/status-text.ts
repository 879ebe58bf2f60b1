/** What became of a report, in a few words. */
import type * as z from 'zod';
import type { reportViewSchema } from '../../shared/api/schemas/reports.ts';

/** A report that is computed and lacks records says so, wherever it is listed. */
export function statusText({
  status,
  isPending,
  hasGaps,
}: Pick<z.output<typeof reportViewSchema>, 'status' | 'isPending' | 'hasGaps'>): {
  readonly tone: 'busy' | 'bad' | 'neutral' | 'warning' | 'good';
  readonly text: string;
} {
  if (status === 'NotStarted') return { tone: 'busy', text: 'Waiting to begin' };
  if (status === 'Running') return { tone: 'busy', text: 'Being computed' };
  if (status === 'Failed') return { tone: 'bad', text: 'Failed' };
  if (status === 'Canceled') return { tone: 'neutral', text: 'Canceled' };
  if (hasGaps) return { tone: 'warning', text: 'Done, with gaps' };
  return isPending
    ? { tone: 'warning', text: 'Done, records may still arrive' }
    : { tone: 'good', text: 'Done' };
}
