/** What a verification has found, in a few words. */
import type { AnswerTo } from '../api/paths.ts';
import type { Tone } from '../parts/tone.ts';

export type Verification = AnswerTo<'ListVerifications'>['value'][number];

/** Says that everything agrees only of what was compared, and only when it has ended. */
export function outcomeOf({
  status,
  mode,
  differenceCount,
  pendingCount,
}: Pick<Verification, 'status' | 'mode' | 'differenceCount' | 'pendingCount'>): {
  readonly tone: Tone;
  readonly text: string;
} {
  const found = differenceCount === 1 ? '1 difference' : `${differenceCount} differences`;
  if (status === 'NotStarted') return { tone: 'busy', text: 'It begins soon' };
  if (status === 'Running') return { tone: 'busy', text: `Running, ${found} so far` };
  if (status === 'Failed') return { tone: 'bad', text: 'Failed' };
  if (status === 'Canceled') return { tone: 'neutral', text: 'Canceled' };
  if (differenceCount > 0) return { tone: 'bad', text: found };
  if (pendingCount > 0) return { tone: 'warning', text: 'What was indexed agrees' };
  return { tone: 'good', text: mode === 'sample' ? 'The sample agrees' : 'Everything agrees' };
}
