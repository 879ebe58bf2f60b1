/** Moments in bodies, as they are written in queries: with or without a time, in UTC unless they have a time zone. */
import * as z from 'zod';
import { parseMoment } from '../http/parameters.ts';

export const momentText = z.string().transform((text, context): Date => {
  const parsed = parseMoment(text);
  if (parsed !== undefined) return parsed;
  context.addIssue('must be a moment such as 2026-03-01T00:00:00Z');
  return z.NEVER;
});

/** How the description shows it. */
export const momentWire = { type: 'string', format: 'date-time' };
