/** Times in audit records: what is one, and what the index can hold of them. */

/** What the index can hold: from 1970 to November 2286. */
export const earliestTime = new Date(0);
export const latestTime = new Date(9_999_999_999_999);

/** False for days such as 2026-02-30, which Date would move into March. */
export function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

const pattern =
  /^(\d{4}-\d{2}-\d{2})(?:T| )(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(?:Z|([+-]\d{2})(?::?(\d{2}))?)?$/i;

/**
 * ISO 8601 in the spellings that records have: seconds, and minutes of an offset, may be absent; a blank may stand for
 * the T and before the offset; letters are in any case. Without a zone it is UTC. Undefined for anything else.
 */
export function parseRecordTime(value: unknown): Date | undefined {
  const match = typeof value === 'string' ? pattern.exec(value.trim()) : null;
  if (match === null) return undefined;
  const [, day = '', time = '', hours, minutes = '00'] = match;
  const date = new Date(`${day}T${time}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`);
  return isCalendarDay(day) && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** Undefined unless the value is a moment that the index can hold. */
export function parseCreationTime(value: unknown): Date | undefined {
  const date = parseRecordTime(value);
  return date !== undefined && date >= earliestTime && date <= latestTime ? date : undefined;
}
