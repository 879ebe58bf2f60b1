/** Where a walk through the index is: a month, a dimension, and the last row that was read. */
import { createHash } from 'node:crypto';
import { dimensions, invertedTime, type Dimension, type Month } from '../index/keys.ts';

export interface IndexPlace {
  readonly month: Month;
  readonly dimension: Dimension;
}

/** Of an inverted time. */
export const invertedDigits = 13;

interface Reached extends IndexPlace {
  /** Absent: all its rows were read. */
  readonly last?: string | undefined;
}

export function placeAfter({ month, dimension }: IndexPlace, last: string | undefined): string {
  return [month, dimension, ...(last === undefined ? [] : [last])].join(' ');
}

/** What {@link placeAfter} wrote; undefined at the beginning. */
export function placeOf(text: string | undefined): Reached | undefined {
  const [month = '', name, last] = text?.split(' ') ?? [];
  const dimension = dimensions.find((one) => one === name);
  return dimension === undefined ? undefined : { month, dimension, last };
}

/**
 * The key at which the next page begins; undefined if there is none, because an earlier run has read it.
 * @param sampleSeed the page of a sample begins at a place that follows from it
 */
export function pageStart(
  place: IndexPlace,
  reached: Reached | undefined,
  sampleSeed: string | undefined,
): string | undefined {
  const order = ({ month, dimension }: IndexPlace) => `${month} ${dimensions.indexOf(dimension)}`;
  if (reached !== undefined && order(place) < order(reached)) return undefined;
  if (reached !== undefined && order(place) === order(reached))
    return reached.last === undefined ? undefined : `${reached.last}!`;
  return sampleSeed === undefined ? '' : sampledKey(place, sampleSeed);
}

/** Hashes of values are spread evenly; times within a month nearly so. */
function sampledKey({ month, dimension }: IndexPlace, seed: string): string {
  const digest = createHash('sha256').update(`${seed}\n${month} ${dimension}`).digest();
  if (dimension !== 'time') return digest.toString('hex', 0, 8);
  const [year, at] = [Number(month.slice(0, 4)), Number(month.slice(4)) - 1];
  const [from, to] = [Date.UTC(year, at), Date.UTC(year, at + 1)];
  return invertedTime(new Date(from + Math.floor((digest.readUInt32BE(0) / 2 ** 32) * (to - from))));
}
