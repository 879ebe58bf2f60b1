/** What the records of a search are counted by. */
import { stepOf } from './time-bars.ts';
import type { TimeRange } from './time-range.ts';

export const countsBy = ['time', 'people', 'activities', 'addresses'] as const;
export type CountsBy = (typeof countsBy)[number];

const keys = { people: 'user', activities: 'operation', addresses: 'clientIp' } as const;

/** As the API calls it. */
export function groupKeyOf(by: CountsBy, range: TimeRange) {
  return by === 'time' ? stepOf(range) : keys[by];
}
