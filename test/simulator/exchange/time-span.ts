/** Parses the retention of a mailbox's audit log. */

import * as z from 'zod';

const pattern = /^(?:(?<days>\d+)\.)?(?<clock>\d{2}:\d{2}:\d{2})$/;
/** The longest retention in Exchange: 24,855 days. */
const longestDays = 24_855;

/** Converts a number of days or a .NET time span to `[d.]hh:mm:ss`; anything else is an issue. */
export const readTimeSpan = (given: string | number, context: z.RefinementCtx): string => {
  const text = /^\d+$/.test(String(given)) ? `${given}.00:00:00` : String(given);
  const groups = pattern.exec(text)?.groups;
  const days = Number(groups?.['days'] ?? '0');
  if (groups === undefined || days > longestDays) {
    context.addIssue(`Cannot convert value "${given}" to a time span of at most ${longestDays} days.`);
    return z.NEVER;
  }
  return `${days > 0 ? `${days}.` : ''}${groups['clock'] ?? ''}`;
};
