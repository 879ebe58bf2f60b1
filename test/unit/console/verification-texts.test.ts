/** What the console says about a verification. */
import { expect, it } from 'vitest';
import { outcomeOf } from '../../../console/ingestion/verification-texts.ts';

const ended = { status: 'Succeeded', mode: 'full', differenceCount: 0, pendingCount: 0 } as const;

it.each([
  ['Everything agrees', ended],
  ['The sample agrees', { ...ended, mode: 'sample' as const }],
  ['What was indexed agrees', { ...ended, pendingCount: 1 }],
  ['1 difference', { ...ended, differenceCount: 1, pendingCount: 1 }],
  ['Running, 0 differences so far', { ...ended, status: 'Running' as const }],
  ['Failed', { ...ended, status: 'Failed' as const }],
])('says "%s" of what was compared, and no more', (text, verification) => {
  expect(outcomeOf(verification).text).toBe(text);
});

it('is good only when it has ended and everything agrees', () => {
  const all = (['NotStarted', 'Running', 'Failed', 'Canceled'] as const).map(
    (status) => outcomeOf({ ...ended, status }).tone,
  );
  expect(all).not.toContain('good');
  expect(outcomeOf({ ...ended, pendingCount: 1 }).tone).not.toBe('good');
});
