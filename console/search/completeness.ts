/** What a search does not show, said plainly. */
import { localOf, utcOf } from '../parts/moments.ts';

interface Completeness {
  /** ISO 8601; absent while unknown. */
  readonly completeThrough?: string | undefined;
  readonly isPending: boolean;
  readonly hasGaps: boolean;
}

/** Sentences; `isWarning` if something in the range may be missing for ever. */
interface Said {
  readonly sentences: readonly string[];
  readonly isWarning: boolean;
}

/** @param timeZone for tests; by default the reader's */
export function sayCompleteness(
  { completeThrough, isPending, hasGaps }: Completeness,
  timeZone?: string,
): Said {
  const gaps = hasGaps
    ? ['Records in this range are permanently lost, or are from before collection began.']
    : [];
  const until =
    completeThrough === undefined
      ? 'How much of this range is here is not known yet.'
      : isPending
        ? `Everything until ${momentText(completeThrough, timeZone)} is here; later records may still arrive.`
        : 'Everything that Microsoft published about this range is here.';
  const isAll = !hasGaps || isPending || completeThrough === undefined;
  return {
    sentences: [...(isAll ? [until] : ['Everything else in this range is here.']), ...gaps],
    isWarning: hasGaps,
  };
}

/** A time in both zones. */
export function momentText(iso: string, timeZone?: string): string {
  const moment = new Date(iso);
  const local = localOf(moment, timeZone);
  return local === undefined ? `${utcOf(moment)} UTC` : `${utcOf(moment)} UTC, ${local}`;
}
