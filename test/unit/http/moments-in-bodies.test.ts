/** Ranges in bodies are written as in queries, whichever operation takes them. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startBackfill } from '../../../shared/api/backfills.ts';
import { startVerification } from '../../../shared/api/verifications.ts';

const parsed = z.object({ from: z.date(), to: z.date() });

describe.each([
  ['a backfill', startBackfill],
  ['a verification', startVerification],
])('the range of %s', (_what, { body }) => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T08:30:00', '2026-03-01T08:30:00.000Z'],
    ['2026-03-01T08:30:00+02:00', '2026-03-01T06:30:00.000Z'],
  ])('may begin at %s', (from, moment) => {
    const range = parsed.parse(body.parse({ from, to: '2026-03-02' }));
    expect(range.from.toISOString()).toBe(moment);
  });

  it.each(['yesterday', '2026-02-30', ''])('may not begin at "%s"', (from) => {
    expect(body.safeParse({ from, to: '2026-03-02' }).success).toBe(false);
  });
});
