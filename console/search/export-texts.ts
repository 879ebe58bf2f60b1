/** What the console says about an export. */
import type { Tone } from '../parts/tone.ts';
import { countText } from '../reports/numbers.ts';
import type { ExportView } from './exports.ts';

/** Its state in a few words. */
export function statusOf({ status, recordCount = 0 }: Pick<ExportView, 'status' | 'recordCount'>): {
  readonly tone: Tone;
  readonly text: string;
} {
  const records = recordCount === 1 ? '1 record' : `${countText(recordCount)} records`;
  if (status === 'Succeeded') return { tone: 'good', text: records };
  if (status === 'Failed') return { tone: 'bad', text: 'Failed' };
  if (status === 'Canceled') return { tone: 'neutral', text: 'Canceled' };
  return { tone: 'busy', text: `Writing, ${records} so far` };
}
